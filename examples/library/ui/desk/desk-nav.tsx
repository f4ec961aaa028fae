import { RoomNav } from '@carillon-examples/pages';

const rooms = [
  { room: 'members', name: 'Lend and return', address: '#/desk' },
  { room: 'collection', name: 'Collection', address: '#/desk/collection' },
  { room: 'overdue', name: 'Overdue', address: '#/desk/overdue' },
];

/** What can be done at the desk. */
export function DeskNav({ room }: { room: string }) {
  return <RoomNav label="Desk" rooms={rooms} room={room} />;
}
