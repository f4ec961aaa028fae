import classes from './desk-nav.module.css';

const rooms = [
  { room: 'members', name: 'Lend and return', address: '#/desk' },
  { room: 'collection', name: 'Collection', address: '#/desk/collection' },
  { room: 'overdue', name: 'Overdue', address: '#/desk/overdue' },
];

/** What can be done at the desk. */
export function DeskNav({ room }: { room: string }) {
  return (
    <nav aria-label="Desk" className={classes.rooms}>
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
