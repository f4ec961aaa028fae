import { Container, Group, Loader, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { useSite } from '../shell/site.js';
import { useStore } from '../store/store.js';
import classes from './connection-hint.module.css';
import { lostConnections } from './lost-connections.js';

/** Says that what is shown may be old, while it may be. */
export function ConnectionHint() {
  const { name } = useSite();
  const { online } = useNetwork();
  const isLost = useStore(lostConnections).size > 0 || !online;
  return (
    <div role="status" className={classes.hint} data-lost={isLost || undefined}>
      {isLost && (
        <Container size="lg">
          <Group gap="xs" wrap="nowrap">
            <Loader size="xs" color="currentColor" />
            <Text size="sm">
              {online ? `The ${name.toLowerCase()} does not answer. Trying again…` : 'You are offline.'} What you see
              may be old.
            </Text>
          </Group>
        </Container>
      )}
    </div>
  );
}
