import classes from './room-nav.module.css';

/** A part of a place that has an address of its own. */
export interface Room {
  readonly room: string;
  readonly name: string;
  readonly address: string;
}

interface RoomNavProps {
  /** What screen readers call it. */
  readonly label: string;
  readonly rooms: readonly Room[];
  /** Where we are. */
  readonly room: string;
}

/** The way to each room of a place. */
export function RoomNav({ label, rooms, room }: RoomNavProps) {
  return (
    <nav aria-label={label} className={classes.rooms}>
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
