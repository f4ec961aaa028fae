import classes from './counter-nav.module.css';

const rooms = [
  { room: 'stock', name: 'Stock and prices', address: '#/counter' },
  { room: 'sales', name: 'Sales', address: '#/counter/sales' },
  { room: 'customers', name: 'Live', address: '#/counter/customers' },
];

/** What can be done behind the counter. */
export function CounterNav({ room }: { room: string }) {
  return (
    <nav aria-label="Behind the counter" className={classes.rooms}>
      {rooms.map((one) => (
        <a
          key={one.room}
          href={one.address}
          className={classes.room}
          aria-current={one.room === room ? 'page' : undefined}
        >
          {one.name}
        </a>
      ))}
    </nav>
  );
}
