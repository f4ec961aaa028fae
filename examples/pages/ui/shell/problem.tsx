import { Button, Paper, Stack, Text } from '@mantine/core';

/** What went wrong, and a way to try again. */
export function Problem({ what, why, onRetry }: { what: string; why: string; onRetry: () => void }) {
  return (
    <Paper role="alert" p="lg" radius="lg" bg="var(--late)" c="var(--late-ink)">
      <Stack gap="xs" align="start">
        <Text fw={600}>{what}</Text>
        <Text size="sm">{why}</Text>
        <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
          Try again
        </Button>
      </Stack>
    </Paper>
  );
}
