// Appends to a log until it is told to stop: each append on condition that nobody else has taken its turn at a counter, or
// unconditionally. Says of every append what it came to.

import { openPostgresLog } from '@carillon/postgres';
import { AppendConditionError } from 'carillon/adapters';

const [url, schema, name] = process.argv.slice(2) as [string, string, string];

/** What this process has done, as it tells its parent. */
export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'appended'; readonly ids: readonly string[]; readonly first: number; readonly last: number }
  | { readonly kind: 'counted'; readonly counter: string; readonly after: number; readonly position: number }
  | { readonly kind: 'refused'; readonly counter: string; readonly after: number; readonly conflict: number };

const tell = (told: Told) => process.send?.(told);
const log = await openPostgresLog({ url, schema });
let isStopped = false;
process.on('message', () => {
  isStopped = true;
});
tell({ kind: 'ready' });

let n = 0;
async function appendPlainly(): Promise<void> {
  while (!isStopped) {
    const ids = Array.from({ length: 1 + (n % 3) }, () => `${name}-${n++}`);
    const events = ids.map((id) => ({ type: 'Noted', version: 1, data: { id }, tags: [`by:${name}`], id }));
    tell({ kind: 'appended', ids, ...(await log.append(events)) });
  }
}

/** Raises one of a few counters that all processes share: whoever has not seen the last raise must be refused. */
async function count(counter: string): Promise<void> {
  while (!isStopped) {
    const query = { items: [{ tags: [`counter:${counter}`] }] };
    const { position: after } = await log.load([{ query, after: 0 }]);
    const event = { type: 'Counted', version: 1, data: { by: name }, tags: [`counter:${counter}`] };
    try {
      const { last } = await log.append([event], { failIfEventsMatch: query, after });
      tell({ kind: 'counted', counter, after, position: last });
    } catch (error) {
      if (!(error instanceof AppendConditionError)) throw error;
      tell({ kind: 'refused', counter, after, conflict: error.conflictingPosition });
    }
  }
}

await Promise.all([...Array.from({ length: 4 }, appendPlainly), count('a'), count('b')]);
await log.close();
process.disconnect?.();
