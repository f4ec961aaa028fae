import { Paper, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** A place where nothing is, and what to do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <Paper withBorder p="xl" radius="lg" bg="transparent">
      <Stack align="center" gap="xs" ta="center">
        <Text fw={600}>{title}</Text>
        {children}
      </Stack>
    </Paper>
  );
}
