import { PageHeading, Problem } from '@carillon-examples/pages';
import { Group, Skeleton, Stack, Text } from '@mantine/core';
import { Ticker } from '../bells/ticker.js';
import { DiningRoom } from '../dining-room/dining-room.js';
import { GuestChoice } from '../guests/guest-choice.js';
import { useLiveQuery } from '../live/kitchen.js';
import { MenuPanel } from '../menu/menu-panel.js';
import { StaffPanel } from '../staff/staff-panel.js';
import { DishWashingBoard } from '../station/dish-washing-board.js';
import { PassBoard } from '../station/pass-board.js';
import { RunnersBoard } from '../station/runners-board.js';
import { StationBoard } from '../station/station-board.js';
import classes from './floor-page.module.css';
import { KitchenWords } from './kitchen-words.js';

/** The whole house at a glance: the dining room, the boards of the kitchen, and the bells that lead from one to the other. */
export function FloorPage() {
  const { result: floor, problem, retry } = useLiveQuery('Floor', {});
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <PageHeading place="floor">The floor</PageHeading>
          <Text size="sm" maw="44rem">
            Nobody here calls anybody. Somebody rings a bell, and whoever listens for it gets to work. Seat guests and
            take their order, or let simulated guests come, and follow the bells. A minute of the kitchen takes a
            second.
          </Text>
        </div>
        <GuestChoice />
      </Group>
      <KitchenWords />
      {problem !== undefined && <Problem what="The floor cannot be shown." why={problem} onRetry={retry} />}
      {floor === undefined && problem === undefined && <Skeleton h={480} radius="lg" />}
      {floor !== undefined && (
        <div className={classes.floor}>
          <div className={classes.tables}>
            <DiningRoom floor={floor} />
          </div>
          <div className={classes.kitchen}>
            <div className={classes.stations}>
              <StationBoard floor={floor} station="grill" title="Grill" />
              <StationBoard floor={floor} station="cold-station" title="Cold station" />
              <PassBoard floor={floor} />
              <div className={classes.stack}>
                <RunnersBoard floor={floor} />
                <DishWashingBoard floor={floor} />
              </div>
            </div>
            <MenuPanel floor={floor} />
          </div>
          <div className={classes.bells}>
            <Ticker />
            <StaffPanel />
          </div>
        </div>
      )}
    </Stack>
  );
}
