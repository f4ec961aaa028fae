import { Paper } from '@mantine/core';

/** Why a command was refused, in the domain's own words. */
export function Refusal({ problem }: { problem: string | undefined }) {
  if (problem === undefined) return null;
  return (
    <Paper role="alert" px="sm" py="xs" bg="var(--late)" c="var(--late-ink)" fz="sm" fw={500}>
      {problem}
    </Paper>
  );
}
