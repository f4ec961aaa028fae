// Appends to a log until it is told to stop: unconditionally, or each on condition that nobody else has taken its turn at a counter.
// Says of everything what it came to.

import { openPostgresLog } from '@carillon/postgres';
import { AppendConditionError } from 'carillon/adapters';
import type { Interval, Operation } from './append-history.js';

const [url, schema, by] = process.argv.slice(2) as [string, string, string];

/** After so many raises of a counter all go on to the next. */
const raises = 50;

/** What this process tells its parent: that it is ready, and what it has done since. */
export type Told = 'ready' | Operation;

const tell = (told: Told) => process.send?.(told);
// One clock for all processes of a machine.
const now = () => Number(process.hrtime.bigint()) / 1e6;
const log = await openPostgresLog({ url, schema });
let isStopped = false;
process.on('message', () => {
  isStopped = true;
});
tell('ready');

async function timed<T>(work: () => T | Promise<T>): Promise<[T, Interval]> {
  const begun = now();
  const result = await work();
  return [result, { begun, ended: now() }];
}

let n = 0;
async function appendPlainly(): Promise<void> {
  while (!isStopped) {
    const ids = Array.from({ length: 1 + (n % 3) }, () => `${by}-${n++}`);
    const events = ids.map((id) => ({ type: 'Noted', version: 1, data: { id }, tags: [`by:${by}`], id }));
    const [appended, interval] = await timed(() => log.append(events));
    tell({ kind: 'appended', by, ids, ...appended, ...interval });
  }
}

/** Raises counters that all processes share: whoever has not seen the last raise must be refused. */
async function count(counter: string): Promise<void> {
  for (let round = 0; !isStopped; ) {
    const tag = `counter:${counter}:${round}`;
    const query = { items: [{ tags: [tag] }] };
    const [{ position, events, durable }, loading] = await timed(() => log.load([{ query, after: 0 }]));
    const found = events[0]!.map((event) => event.position);
    // What is not durable yet may still get another place, or none.
    const isCertain = await Promise.resolve(durable).then(
      () => true,
      () => false,
    );
    if (isCertain) tell({ kind: 'loaded', by, tag, position, found, ...loading });
    if (found.length >= raises) {
      round++;
      continue;
    }
    const id = `${by}-${n++}`;
    const event = { type: 'Counted', version: 1, data: { id }, tags: [tag], id };
    const condition = { tag, after: position };
    const begun = now();
    try {
      const appended = await log.append([event], { failIfEventsMatch: query, after: position });
      tell({ kind: 'appended', by, ids: [id], ...appended, condition, begun, ended: now() });
    } catch (error) {
      if (!(error instanceof AppendConditionError)) throw error;
      tell({ kind: 'refused', by, condition, conflict: error.conflictingPosition, begun, ended: now() });
    }
  }
}

await Promise.all([...Array.from({ length: 4 }, appendPlainly), count('a'), count('b')]);
await log.close();
process.disconnect?.();
