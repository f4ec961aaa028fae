import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface PanelProps {
  readonly title: string;
  /** Stands beside the title: a count, a hint. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the house, with its name. */
export function Panel({ title, aside, children }: PanelProps) {
  const headingId = useId();
  return (
    <Paper component="section" withBorder radius="lg" p="sm" bg="var(--sheet)" aria-labelledby={headingId}>
      <Stack gap="xs">
        <Group justify="space-between" align="baseline" gap="xs">
          <Title order={2} size="h5" id={headingId}>
            {title}
          </Title>
          {typeof aside === 'string' ? (
            <Text size="xs" c="dimmed">
              {aside}
            </Text>
          ) : (
            aside
          )}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
