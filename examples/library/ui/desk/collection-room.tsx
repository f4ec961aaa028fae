import { SimpleGrid, Stack } from '@mantine/core';
import { AddCopyCard } from '../copy/add-copy-card.js';
import { RemoveCopyCard } from '../copy/remove-copy-card.js';
import { AddTitleCard } from '../title/add-title-card.js';

/** What the library has: new titles, new copies, and copies that go. */
export function CollectionRoom({ titleId }: { titleId: string | undefined }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <AddTitleCard />
      <Stack gap="lg">
        <AddCopyCard key={titleId} proposedTitleId={titleId} />
        <RemoveCopyCard />
      </Stack>
    </SimpleGrid>
  );
}
