import { RoomNav } from '@carillon-examples/pages';

const rooms = [
  { room: 'stock', name: 'Stock and prices', address: '#/counter' },
  { room: 'sales', name: 'Sales', address: '#/counter/sales' },
  { room: 'customers', name: 'Live', address: '#/counter/customers' },
];

/** What can be done behind the counter. */
export function CounterNav({ room }: { room: string }) {
  return <RoomNav label="Behind the counter" rooms={rooms} room={room} />;
}
