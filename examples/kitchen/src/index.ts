// What a host needs to run the kitchen.
import { fileURLToPath } from 'node:url';
import type { RunningApplication } from 'carillon/runtime';
import { openDoors } from './house/doors.js';
import { openRoster } from './house/roster.js';

export { kitchen as application } from './kitchen.js';

/** The module that exports the application: worker threads load it. */
export const module = new URL('./kitchen.js', import.meta.url).href;

/** The folder of the built pages. */
export const pages = fileURLToPath(new URL('../dist-ui', import.meta.url));

/** What comes and goes while the kitchen runs: listeners, and simulated guests. */
export async function opened(running: RunningApplication): Promise<void> {
  await openRoster(running);
  await openDoors(running);
}
