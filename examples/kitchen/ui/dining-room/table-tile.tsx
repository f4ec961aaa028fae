import { Button, Group, Text } from '@mantine/core';
import { coursesOf, type Table } from '../floor/courses.js';
import { useTell } from '../live/kitchen.js';
import classes from './table-tile.module.css';
import { TicketLines } from './ticket-lines.js';

interface TableTileProps {
  readonly name: string;
  /** Undefined when nobody sits there. */
  readonly table: Table | undefined;
  readonly onOrder: () => void;
}

/** A table of the dining room: who sits there, what they wait for, and what can be done about it. */
export function TableTile({ name, table, onOrder }: TableTileProps) {
  const { tell } = useTell();
  const label = `Table ${name}`;
  if (table === undefined) {
    return (
      <li className={classes.tile} data-is-free aria-label={`${label}, free`}>
        <Text size="sm" fw={600} c="dimmed">
          {label}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Seat guests at table ${name}`}
          onClick={() => void tell('SeatTable', { table: name, guests: 2 })}
        >
          Seat guests
        </Button>
      </li>
    );
  }
  const isWaiting = table.tickets.some(
    (ticket) => ticket.status === 'open' && coursesOf(ticket).some(({ status }) => status !== 'served'),
  );
  return (
    <li className={classes.tile} aria-label={label}>
      <Group justify="space-between" gap={4} wrap="nowrap">
        <Text size="sm" fw={700}>
          {label}
        </Text>
        <Text size="xs" c="dimmed">
          {table.guests} {table.guests === 1 ? 'guest' : 'guests'}
        </Text>
      </Group>
      {table.tickets.map((ticket) => (
        <TicketLines key={ticket.ticketId} ticket={ticket} />
      ))}
      <Group gap={4}>
        {!isWaiting && (
          <Button
            size="compact-sm"
            variant={table.tickets.length === 0 ? 'filled' : 'default'}
            aria-label={`Take an order at table ${name}`}
            onClick={onOrder}
          >
            Order
          </Button>
        )}
        {!isWaiting && (
          <Button
            size="compact-sm"
            variant={table.tickets.length === 0 ? 'default' : 'filled'}
            aria-label={`Clear table ${name}`}
            onClick={() => void tell('ClearTable', { table: name })}
          >
            Clear
          </Button>
        )}
      </Group>
    </li>
  );
}
