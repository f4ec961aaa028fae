// Who opens and closes the doors: whatever process this runs in.
import { setTimeout as pause } from 'node:timers/promises';
import { reaction } from 'carillon';
import { NotRunningError, type RunningApplication } from 'carillon/runtime';
import { DoorsClosed, DoorsOpened } from '../guests/events.js';
import { partyComes } from './simulated-evening.js';

/** Lets simulated guests in and out as the bells for it ring; the doors are as they were when the kitchen closed. */
export async function openDoors(running: RunningApplication): Promise<void> {
  let perMinute = 0;
  let isComing = false;

  const come = async () => {
    if (isComing) return;
    isComing = true;
    try {
      while (perMinute > 0) {
        await partyComes(running).catch((error: unknown) => {
          // A party that meets with a problem goes elsewhere; when the kitchen closes, all do.
          if (error instanceof NotRunningError) perMinute = 0;
        });
        await pause(60_000 / Math.max(1, perMinute), undefined, { ref: false });
      }
    } finally {
      isComing = false;
    }
  };

  /** Makes it so as the last bell about the doors says. */
  const settle = async () => {
    const types = [DoorsOpened.type, DoorsClosed.type];
    const [last] = await running.log.read({ items: [{ types }] }, { backwards: true, limit: 1 });
    perMinute = last?.type === DoorsOpened.type ? (last.data as { perMinute: number }).perMinute : 0;
    void come();
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
