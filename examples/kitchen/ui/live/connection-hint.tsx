import { Container, Group, Loader, Text } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import classes from './connection-hint.module.css';
import { lostConnections } from './lost-connections.js';
import { useStore } from './store.js';

/** Says that what is shown may be old, while it may be. */
export function ConnectionHint() {
  const { online } = useNetwork();
  const isLost = useStore(lostConnections).size > 0 || !online;
  return (
    <div role="status" className={classes.hint} data-lost={isLost || undefined}>
      {isLost && (
        <Container size="lg">
          <Group gap="xs" wrap="nowrap">
            <Loader size="xs" color="currentColor" />
            <Text size="sm">
              {online ? 'The kitchen does not answer. Trying again…' : 'You are offline.'} What you see may be old.
            </Text>
          </Group>
        </Container>
      )}
    </div>
  );
}
