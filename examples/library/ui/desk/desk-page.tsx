import { NotFoundPage, PageHeading, useRoute } from '@carillon-examples/pages';
import { Stack } from '@mantine/core';
import { CirculationRoom } from './circulation-room.js';
import { CollectionRoom } from './collection-room.js';
import { DeskNav } from './desk-nav.js';
import { OverdueRoom } from './overdue-room.js';

/** The desk, where the library's people work: lending, the collection, what is overdue. */
export function DeskPage() {
  const { path, params } = useRoute();
  const [, room = 'members', memberId] = path;
  if (room !== 'members' && room !== 'collection' && room !== 'overdue') return <NotFoundPage />;
  return (
    <Stack gap="lg">
      <PageHeading place={`desk ${room}`}>Desk</PageHeading>
      <DeskNav room={room} />
      {room === 'members' && <CirculationRoom memberId={memberId} />}
      {room === 'collection' && <CollectionRoom titleId={params.get('title') ?? undefined} />}
      {room === 'overdue' && <OverdueRoom />}
    </Stack>
  );
}
