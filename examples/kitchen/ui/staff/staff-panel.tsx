import { Switch, Text } from '@mantine/core';
import { BellChip } from '../bells/bell-chip.js';
import { useHouse } from '../house/house.js';
import { useTell } from '../live/kitchen.js';
import { Panel } from '../shell/panel.js';
import classes from './staff-panel.module.css';

/** Those who come and go: whether they are on duty, and what they said last. */
export function StaffPanel() {
  const { bells } = useHouse();
  const { tell } = useTell();
  return (
    <Panel title="Staff" aside="on and off duty as you like">
      <ul className={classes.staff}>
        {bells.result?.staff.map(({ listener, label, bells, isOnDuty, says, count }) => (
          <li key={listener} data-is-off={!isOnDuty || undefined}>
            <Switch
              size="sm"
              labelPosition="left"
              classNames={{ body: classes.duty ?? '', label: classes.name ?? '' }}
              aria-label={`${label} is on duty`}
              label={label}
              checked={isOnDuty}
              onChange={() => void tell(isOnDuty ? 'TakeOffDuty' : 'PutOnDuty', { listener })}
            />
            <div className={classes.bells}>
              <span>hears</span>
              {bells.map((bell) => (
                <BellChip key={bell} bell={bell} isQuiet={!isOnDuty} />
              ))}
            </div>
            {says === null ? (
              <Text size="xs" mt={3} c="dimmed">
                {isOnDuty ? 'has said nothing so far' : 'off duty: hears it later'}
              </Text>
            ) : (
              <Text size="xs" mt={3} key={count} className={classes.says}>
                “{says}”
              </Text>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
