import { href, Mark, notify, Refusal, SendButton } from '@carillon-examples/pages';
import { Anchor, Group, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { type ResultOf, useCommand } from '../live/library.js';
import classes from './member-account.module.css';

type Reservation = NonNullable<ResultOf<'MemberAccount'>>['reservations'][number];

/** A title that a member waits for, or that is held for them. */
export function ReservationRow({ reservation, memberId }: { reservation: Reservation; memberId: string }) {
  const row = useRef<HTMLDivElement>(null);
  const cancel = useCommand('CancelReservation');
  const { titleId, title } = reservation;

  async function cancelReservation() {
    if (!(await cancel.send({ titleId, memberId }))) return;
    notify(`The reservation of ${title} is cancelled.`);
    row.current?.closest('section')?.focus();
  }

  return (
    <Stack component="li" ref={row} gap="xs" className={classes.row}>
      <Group justify="space-between" gap="xs">
        <Stack gap={0} flex="1 1 200px" miw={0}>
          <Anchor href={href(['titles', titleId])} c="inherit" fw={500} lineClamp={2}>
            {title}
          </Anchor>
          {reservation.heldCopyId === null ? (
            <Text size="sm" c="var(--ink-soft)">
              {reservation.place === 1 ? 'Next in the queue' : `Number ${reservation.place} in the queue`}
            </Text>
          ) : (
            <Group gap="xs">
              <Mark tone="held">Ready</Mark>
              <Text size="sm" c="var(--ink-soft)">
                {reservation.heldCopyId} is held
              </Text>
            </Group>
          )}
        </Stack>
        <SendButton
          variant="default"
          size="xs"
          isPending={cancel.isPending}
          onClick={cancelReservation}
          aria-label={`Cancel the reservation of ${title}`}
        >
          Cancel
        </SendButton>
      </Group>
      <Refusal problem={cancel.problem} />
    </Stack>
  );
}
