import { Button, Group, Text } from '@mantine/core';
import { courseNames } from '../../src/menu.js';
import { coursesOf, type Table, type Ticket } from '../floor/courses.js';
import { useTell } from '../live/kitchen.js';
import classes from './table-tile.module.css';
import { TicketLines } from './ticket-lines.js';
import { VoidButton } from './void-button.js';

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
        <div className={classes.buttons}>
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Seat guests at table ${name}`}
            onClick={() => void tell('SeatTable', { table: name, guests: 2 })}
          >
            Seat guests
          </Button>
        </div>
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
      {table.tickets.length === 0 && (
        <Text size="xs" c="dimmed">
          They are reading the menu.
        </Text>
      )}
      {table.tickets.map((ticket) => (
        <TicketLines key={ticket.ticketId} ticket={ticket} />
      ))}
      {table.tickets.map(
        (ticket) => ticket.status === 'open' && <TicketButtons key={ticket.ticketId} ticket={ticket} />,
      )}
      {!isWaiting && (
        <div className={classes.buttons}>
          <Button
            size="compact-sm"
            variant={table.tickets.length === 0 ? 'filled' : 'default'}
            aria-label={`Take an order at table ${name}`}
            onClick={onOrder}
          >
            Order
          </Button>
          <Button
            size="compact-sm"
            variant={table.tickets.length === 0 ? 'default' : 'filled'}
            aria-label={`Clear table ${name}`}
            onClick={() => void tell('ClearTable', { table: name })}
          >
            Clear
          </Button>
        </div>
      )}
    </li>
  );
}

/** What can be done about an order: its next course fired before its time, or all of it called off. */
function TicketButtons({ ticket }: { ticket: Ticket }) {
  const { tell } = useTell();
  const { ticketId, table } = ticket;
  const next = coursesOf(ticket).find(({ status }) => status === 'ordered');
  return (
    <div className={classes.buttons}>
      {next !== undefined && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Fire ${courseNames[next.course]} of table ${table}`}
          onClick={() => void tell('FireCourse', { ticketId, course: next.course })}
        >
          Fire {courseNames[next.course]}
        </Button>
      )}
      <VoidButton ticketId={ticketId} table={table} />
    </div>
  );
}
