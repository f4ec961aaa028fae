import { Notification, Stack } from '@mantine/core';
import { useStore } from '../store/store.js';
import classes from './notice-area.module.css';
import { dismiss, notices } from './notices.js';

/** Where notices appear, and from where a screen reader reads them out. */
export function NoticeArea() {
  const shown = useStore(notices);
  return (
    <Stack role="status" className={classes.area} gap="xs">
      {shown.map(({ id, text }) => (
        <Notification
          key={id}
          role="presentation"
          withBorder
          closeButtonProps={{ 'aria-label': 'Close the notice' }}
          onClose={() => dismiss(id)}
        >
          {text}
        </Notification>
      ))}
    </Stack>
  );
}
