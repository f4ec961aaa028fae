import { SimpleGrid, Stack } from '@mantine/core';
import { ReturnCard } from '../copy/return-card.js';
import { MemberAccount } from '../member/member-account.js';
import { MemberFinder } from '../member/member-finder.js';

/** Lending and returning: the member on one side, what comes back on the other. */
export function CirculationRoom({ memberId }: { memberId: string | undefined }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg" style={{ alignItems: 'start' }}>
      <Stack gap="lg">
        <MemberFinder memberId={memberId} />
        {memberId !== undefined && <MemberAccount key={memberId} memberId={memberId} />}
      </Stack>
      <ReturnCard />
    </SimpleGrid>
  );
}
