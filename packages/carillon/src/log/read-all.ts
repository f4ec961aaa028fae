import type { RecordedEvent } from '../definitions/event.js';
import type { Log } from './log.js';
import type { LogQuery } from './log-query.js';

/** How `readAll` goes through the log. */
export interface ReadAllOptions {
  /** Only events beyond this position. Default 0. */
  readonly after?: number;
  /** How many events are read at a time. Default 1,000. */
  readonly pageSize?: number;
}

/** Reads every matching event in the order of the log, a page at a time, until there are no more. */
export async function* readAll(
  log: Pick<Log, 'read'>,
  query: LogQuery,
  { after = 0, pageSize = 1_000 }: ReadAllOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  for (let position = after; ; ) {
    const page = await log.read(query, { after: position, limit: pageSize });
    yield* page;
    if (page.length < pageSize) return;
    position = page[page.length - 1]?.position ?? position;
  }
}
