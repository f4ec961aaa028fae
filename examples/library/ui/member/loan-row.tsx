import { href, Mark, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { formatDate } from '../format/date.js';
import { type ResultOf, useCommand } from '../live/library.js';
import classes from './member-account.module.css';

type Loan = NonNullable<ResultOf<'MemberAccount'>>['loans'][number];

/** A copy on loan: when it is due, and the ways to keep it longer or give it back. */
export function LoanRow({ loan }: { loan: Loan }) {
  const row = useRef<HTMLDivElement>(null);
  const renew = useCommand('RenewLoan');
  const giveBack = useCommand('ReturnCopy');

  async function renewLoan() {
    giveBack.clear();
    if (await renew.send({ copyId: loan.copyId })) notify(`${loan.title} is renewed.`);
  }

  async function returnCopy() {
    renew.clear();
    if (!(await giveBack.send({ copyId: loan.copyId }))) return;
    notify(`${loan.title} is back.`);
    row.current?.closest('section')?.focus();
  }

  return (
    <Stack component="li" ref={row} gap="xs" className={classes.row}>
      <Group justify="space-between" gap="xs">
        <Stack gap={0} flex="1 1 200px" miw={0}>
          <Anchor href={href(['titles', loan.titleId])} c="inherit" fw={500} lineClamp={2}>
            {loan.title}
          </Anchor>
          <Group gap="xs">
            <Text size="sm" c="var(--ink-soft)">
              {loan.copyId} · due {formatDate(loan.dueOn)}
            </Text>
            {loan.overdue && <Mark tone="late">Overdue</Mark>}
          </Group>
        </Stack>
        <Group gap="xs" wrap="nowrap">
          <SendButton
            variant="default"
            size="xs"
            isPending={renew.isPending}
            onClick={renewLoan}
            aria-label={`Renew ${loan.title}`}
          >
            Renew
          </SendButton>
          <SendButton
            variant="default"
            size="xs"
            isPending={giveBack.isPending}
            onClick={returnCopy}
            aria-label={`Return ${loan.title}`}
          >
            Return
          </SendButton>
        </Group>
      </Group>
      <Refusal problem={renew.problem ?? giveBack.problem} />
    </Stack>
  );
}
