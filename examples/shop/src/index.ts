// What a host needs to run the shop.
import { fileURLToPath } from 'node:url';
import type { RunningApplication } from 'carillon/runtime';
import { openDoors } from './customers/crowd.js';

export { openDoors } from './customers/crowd.js';
export { type BookEntry, readBook } from './provider/book.js';
export { seed } from './seed/seed.js';
export { providerBook, shop as application, shopIn as applicationIn } from './shop.js';

/** The module that exports the application: worker threads load it. */
export const module = import.meta.url;

/** The folder of the built pages. */
export const pages = fileURLToPath(new URL('../dist-ui', import.meta.url));

/** Who comes and goes while the shop is open: simulated customers, when they are switched on. */
export async function opened(running: RunningApplication): Promise<void> {
  openDoors(running).catch((error: unknown) => console.error('The simulated customers have gone home.', error));
}
