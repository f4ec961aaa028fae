import { Table } from '@mantine/core';
import { formatMoney } from '../format/money.js';
import { formatShortDate } from '../format/time.js';
import type { SalesDay } from './sales-days.js';
import classes from './sales-table.module.css';

/** Sales in figures, the latest day first; days on which nothing was sold are left out. */
export function SalesTable({ days, currency }: { days: readonly SalesDay[]; currency: string }) {
  const sold = days.filter((day) => day.orders > 0).toReversed();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable with the keyboard
    <section className={classes.frame} aria-label={`Sales in ${currency}, day by day`} tabIndex={0}>
      <Table stickyHeader>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Day</Table.Th>
            <Table.Th ta="right">Orders</Table.Th>
            <Table.Th ta="right">Sold</Table.Th>
            <Table.Th ta="right">Given back</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sold.map(({ day, orders, amount, refunded }) => (
            <Table.Tr key={day}>
              <Table.Th scope="row" fw={500}>
                {formatShortDate(day)}
              </Table.Th>
              <Table.Td ta="right">{orders.toLocaleString('en')}</Table.Td>
              <Table.Td ta="right">{formatMoney({ amount, currency })}</Table.Td>
              <Table.Td ta="right">{refunded > 0 ? formatMoney({ amount: refunded, currency }) : '–'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
