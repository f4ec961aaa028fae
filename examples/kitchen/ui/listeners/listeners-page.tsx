import { PageHeading, Problem } from '@carillon-examples/pages';
import { Box, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { GuestChoice } from '../guests/guest-choice.js';
import { useHouse } from '../house/house.js';
import { Panel } from '../shell/panel.js';
import { StaffPanel } from '../staff/staff-panel.js';
import { allListeners } from './listener.js';
import { ListenerCards } from './listener-cards.js';
import { Picture, PictureLegend } from './picture.js';
import { ShiftFigures } from './shift-figures.js';
import { SomebodyNew } from './somebody-new.js';

/** Who listens to what, and who comes and goes. */
export function ListenersPage() {
  const house = useHouse();
  const listeners = allListeners(house);
  const { problem, retry } = house.bells;
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <PageHeading place="listeners">Who listens</PageHeading>
          <Text size="sm" maw="44rem">
            Whoever rings a bell does not know who hears it. Send somebody home, or put somebody new on duty: nobody
            else has to be told.
          </Text>
        </div>
        <GuestChoice />
      </Group>
      {problem !== undefined && <Problem what="The bells cannot be heard." why={problem} onRetry={retry} />}
      <Panel title="Bells and listeners">
        <Box visibleFrom="md">
          <Stack gap="xs">
            <PictureLegend />
            <Picture listeners={listeners} />
          </Stack>
        </Box>
        <Box hiddenFrom="md">
          <ListenerCards listeners={listeners} />
        </Box>
      </Panel>
      <StaffPanel />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="sm" style={{ alignItems: 'start' }}>
        <SomebodyNew />
        <ShiftFigures />
      </SimpleGrid>
    </Stack>
  );
}
