import { setTimeout as pause } from 'node:timers/promises';
import type { RecordedEvent } from '../definitions/event.js';
import type { LogQuery } from '../log/log-query.js';
import type { LogReader } from '../log/sqlite/sqlite-log-reader.js';

/** How often a tail looks for new events, in milliseconds. */
const tailIntervalMs = 200;

/** How many events a tail begins with, unless it is said after which. */
const tailEvents = 10;

/** How many events are read at a time. */
const pageSize = 500;

/** Which events of a log are shown. */
export interface Showing {
  readonly query: LogQuery;
  /** Only events beyond this position; before it, when backwards. */
  readonly after?: number | undefined;
  /** At most so many are shown. */
  readonly limit: number;
  readonly backwards: boolean;
  /** The last ones, or those after the position, and then new ones without end. */
  readonly tail: boolean;
  /** Whether Carillon's own events are shown, too. */
  readonly internal: boolean;
}

/** The events of a log that are shown, page by page: no page is empty. */
export async function* shownEvents(
  log: Pick<LogReader, 'read'>,
  { query, limit, backwards, tail, internal, ...showing }: Showing,
): AsyncGenerator<readonly RecordedEvent[], void, void> {
  // A query can say which types are wanted, and not which are unwanted.
  const isShown = internal ? () => true : isOfApplication;
  let { after } = showing;
  let left = limit;
  if (tail && after === undefined) after = await beforeLast(Math.min(left, tailEvents));
  while (left > 0) {
    const events = await readPage(after, backwards, left);
    const shown = events.filter(isShown).slice(0, left);
    left -= shown.length;
    if (shown.length > 0) yield shown;
    if (events.length > 0) after = events.at(-1)!.position;
    else if (tail) await pause(tailIntervalMs);
    else return;
  }

  /** A page of which at most so many events are needed: of a whole one when it is not known how many of it are shown. */
  function readPage(after: number | undefined, backwards: boolean, needed: number): Promise<readonly RecordedEvent[]> {
    const limit = internal ? Math.min(needed, pageSize) : pageSize;
    return log.read(query, { limit, backwards, ...(after === undefined ? {} : { after }) });
  }

  /** The position before the last so many events that are shown; undefined when the log has none at all. */
  async function beforeLast(count: number): Promise<number | undefined> {
    let newest: number | undefined;
    let first: number | undefined;
    let missing = count;
    for (let before: number | undefined; missing > 0; ) {
      const events = await readPage(before, true, missing);
      if (events.length === 0) break;
      newest ??= events[0]!.position;
      before = events.at(-1)!.position;
      const shown = events.filter(isShown).slice(0, missing);
      missing -= shown.length;
      first = shown.at(-1)?.position ?? first;
    }
    return first === undefined ? newest : first - 1;
  }
}

/** Carillon writes into the log, too, how far its work has got. No name of an application's event has a colon. */
function isOfApplication({ type }: RecordedEvent): boolean {
  return !type.startsWith('carillon:');
}
