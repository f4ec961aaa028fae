import { Empty, href, Mark, Problem } from '@carillon-examples/pages';
import { Anchor, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { formatDate } from '../format/date.js';
import { useLiveQuery } from '../live/library.js';
import classes from './overdue-room.module.css';

/** What should have come back, the longest overdue first. */
export function OverdueRoom() {
  const { result: loans, problem, retry } = useLiveQuery('OverdueLoans', {});
  if (problem !== undefined) return <Problem what="The list could not be made" why={problem} onRetry={retry} />;
  if (loans === undefined) return <Skeleton height={180} radius="lg" role="status" aria-label="Making the list" />;
  if (loans.length === 0) {
    return (
      <Empty title="Nothing is overdue">
        <Text size="sm">Every book that is out is still in its time.</Text>
      </Empty>
    );
  }
  return (
    <Stack component="ul" gap="xs" className={classes.loans} aria-label="Overdue loans">
      {loans.map((loan) => (
        <Paper component="li" key={loan.copyId} withBorder className={classes.loan}>
          <Stack gap={0} miw={0}>
            <Anchor href={href(['titles', loan.titleId])} c="inherit" fw={500} lineClamp={2}>
              {loan.title}
            </Anchor>
            <Text size="sm" c="var(--ink-soft)">
              {loan.copyId} · with{' '}
              <Anchor href={href(['desk', 'members', loan.memberId])} inherit underline="always">
                {loan.name}
              </Anchor>
            </Text>
          </Stack>
          <Mark tone="late">{`Due ${formatDate(loan.dueOn)}`}</Mark>
        </Paper>
      ))}
    </Stack>
  );
}
