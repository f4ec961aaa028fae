import { Paper } from '@mantine/core';
import type { ReactNode } from 'react';

/** Why a command was refused, in the domain's own words. */
export function Refusal({ problem }: { problem: ReactNode }) {
  if (problem === undefined) return null;
  return (
    <Paper role="alert" px="sm" py="xs" bg="var(--late)" c="var(--late-ink)" fz="sm" fw={500}>
      {problem}
    </Paper>
  );
}
