import { Card, Mark, Problem, useRoute } from '@carillon-examples/pages';
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { LendForm } from '../copy/lend-form.js';
import { useLiveQuery } from '../live/library.js';
import { LoanRow } from './loan-row.js';
import classes from './member-account.module.css';
import { useRecentMembers } from './recent-members.js';
import { ReservationRow } from './reservation-row.js';
import { ReserveForm } from './reserve-form.js';
import { UnknownMember } from './unknown-member.js';

/** A member's account: what is on loan, what is reserved, and what can be done about it. */
export function MemberAccount({ memberId }: { memberId: string }) {
  const { result: account, isLoading, problem, retry } = useLiveQuery('MemberAccount', { memberId });
  const { params } = useRoute();
  const [, addRecent] = useRecentMembers();
  const isKnown = account != null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each account that is opened
  useEffect(() => {
    if (isKnown) addRecent(memberId);
  }, [isKnown, memberId]);

  if (problem !== undefined) return <Problem what="The account could not be opened" why={problem} onRetry={retry} />;
  if (isLoading) return <Skeleton height={220} radius="lg" role="status" aria-label="Opening the account" />;
  if (account == null) return <UnknownMember memberId={memberId} />;

  const overdue = account.loans.filter((loan) => loan.overdue).length;
  return (
    <Card
      title={account.name}
      aside={
        <Group gap="xs">
          {overdue > 0 && <Mark tone="late">{`${overdue} overdue`}</Mark>}
          <Mark tone="plain">{account.kind}</Mark>
        </Group>
      }
    >
      <LendForm memberId={memberId} name={account.name} proposedCopyId={params.get('copy') ?? ''} />
      <Section title="On loan" count={account.loans.length} nothing="Nothing is on loan.">
        {account.loans.map((loan) => (
          <LoanRow key={loan.copyId} loan={loan} />
        ))}
      </Section>
      <Section title="Reserved" count={account.reservations.length} nothing="Nothing is reserved.">
        {account.reservations.map((reservation) => (
          <ReservationRow key={reservation.titleId} reservation={reservation} memberId={memberId} />
        ))}
      </Section>
      <ReserveForm memberId={memberId} name={account.name} proposedTitleId={params.get('title') ?? undefined} />
    </Card>
  );
}

/** One part of the account. It takes the focus of a row that goes. */
function Section({ title, count, nothing, children }: SectionProps) {
  return (
    <section aria-label={title} tabIndex={-1}>
      <Text component="h3" size="sm" fw={600} c="var(--ink-soft)">
        {title}
        {count > 0 && ` · ${count}`}
      </Text>
      {count === 0 ? (
        <Text size="sm">{nothing}</Text>
      ) : (
        <Stack component="ul" gap={0} className={classes.list}>
          {children}
        </Stack>
      )}
    </section>
  );
}

interface SectionProps {
  readonly title: string;
  readonly count: number;
  readonly nothing: string;
  readonly children: ReactNode;
}
