// Who opens and closes the doors: whatever process this runs in.
import { setTimeout as pause } from 'node:timers/promises';
import { reaction } from 'carillon';
import { NotRunningError, type RunningApplication } from 'carillon/runtime';
import { DoorsClosed, DoorsOpened } from '../guests/events.js';
import { guestsLeave, partyComes } from './simulated-evening.js';

/** How often it is looked who has eaten, and whether the next party is due, in milliseconds. */
const lookMs = 250;

/**
 * Lets simulated guests in and out as the bells for it ring; the doors are as they were when the kitchen closed. Those who are
 * there when the doors close finish their meal, and leave.
 */
export async function openDoors(running: RunningApplication): Promise<void> {
  let perMinute = 0;
  let isEvening = false;

  const evening = async () => {
    if (isEvening) return;
    isEvening = true;
    let areThere = 0;
    let lastCameAt = 0;
    try {
      do {
        try {
          areThere = await guestsLeave(running);
          if (Date.now() - lastCameAt >= betweenPartiesMs()) {
            lastCameAt = Date.now();
            await partyComes(running);
          }
        } catch (error) {
          // A party that meets with a problem goes elsewhere; when the kitchen closes, all do.
          if (error instanceof NotRunningError) return;
        }
        await pause(lookMs, undefined, { ref: false });
      } while (perMinute > 0 || areThere > 0);
    } finally {
      isEvening = false;
    }
  };
  const betweenPartiesMs = () => (perMinute > 0 ? 60_000 / perMinute : Number.POSITIVE_INFINITY);

  /** Makes it so as the last bell about the doors says. */
  const settle = async () => {
    const types = [DoorsOpened.type, DoorsClosed.type];
    const [last] = await running.log.read({ items: [{ types }] }, { backwards: true, limit: 1 });
    perMinute = last?.type === DoorsOpened.type ? (last.data as { perMinute: number }).perMinute : 0;
    void evening();
  };

  await settle();
  await running.addReaction(
    reaction('doors', {
      description: 'Lets simulated guests in and out.',
      on: [DoorsOpened, DoorsClosed],
      startsAt: 'beginning',
      run: settle,
    }),
  );
}
