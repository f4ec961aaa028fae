import { CarillonError, type RecordedEvent } from 'carillon';
import { type EventCodec, LogOpenError } from 'carillon/adapters';
import { allEvents, type Log } from 'carillon/log';
import type pg from 'pg';
import { checkUrl, connectProblem } from '../connection/connect-problem.js';
import { openConnection } from '../connection/pool.js';
import { checkSchema, quoted } from '../connection/schema-name.js';
import { migrate } from '../migrations/migrations.js';
import { batchParameters } from './event-rows.js';
import { originalText } from './event-text.js';
import { IndexTables } from './index-tables.js';
import { readCodec } from './read-codec.js';

/** What `copyLog` takes. */
export interface CopyLogOptions {
  /** Where to: `postgresql://user:password@host:5432/database`. */
  readonly url: string;
  /** The schema of the log there. */
  readonly schema: string;
  /** Hears how many events are there, of how many. */
  readonly onProgress?: (copied: number, total: number) => void;
}

/** So many events go in the first transaction; the next ones take about so many bytes, and so many events at the most. */
const firstPage = 100;
const pageBytes = 8_388_608;
const pageSize = 2_000;

/**
 * Copies a log into PostgreSQL, event by event at the same positions, with ids and times: an application that is started there goes on
 * where it was. Nothing may write to the log meanwhile. Interrupted, it goes on where it stopped when it is called again; when an
 * application has gone on with the copy since, it changes nothing.
 *
 * @returns how many events of the log are there
 * @throws CarillonError `log-differs` when the schema holds another log; `postgres-url-invalid`
 * @throws LogOpenError when the database cannot be reached, or lets no tables be made
 */
export async function copyLog(from: Pick<Log, 'read' | 'head'>, options: CopyLogOptions): Promise<number> {
  const { url, schema, onProgress } = options;
  const named = quoted(checkSchema(schema));
  const failed = (cause: unknown) => {
    if (cause instanceof CarillonError) throw cause;
    throw new LogOpenError(`The log cannot be copied: ${connectProblem(cause, url)}.`, { cause });
  };
  const client = await openConnection({ url: checkUrl(url), name: `carillon ${schema} copy` }).catch(failed);
  try {
    await migrate(client, 'log', schema).catch(failed);
    const total = await from.head();
    let copied = await samePlace(client, named, from, total);
    const codec = await readCodec(client, named);
    onProgress?.(copied, total);
    for (let limit = firstPage; copied < total; ) {
      const events = (await from.read(allEvents, { after: copied, limit })).map((event) => encoded(codec, event));
      await append(client, named, copied, events);
      copied += events.length;
      const bytes = events.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
      limit = Math.min(pageSize, Math.max(1, Math.floor((events.length * pageBytes) / bytes)));
      onProgress?.(copied, total);
    }
    await new IndexTables(client, named).complete(codec);
    return copied;
  } finally {
    await client.end();
  }
}

/** How far an earlier copy has got: all of it is there when an application has gone on since. */
async function samePlace(client: pg.Client, named: string, from: Pick<Log, 'read'>, total: number): Promise<number> {
  const { rows } = await client.query<{ position: number; id: string | null }>(
    `SELECT position::float8, id FROM ${named}.events WHERE position <= $1 ORDER BY position DESC LIMIT 1`,
    [total],
  );
  const [last] = rows;
  if (last === undefined) return 0;
  const [same] = await from.read(allEvents, { after: last.position - 1, limit: 1 });
  if (same !== undefined && last.id !== null && originalText(last.id) === same.id) return last.position;
  throw new CarillonError(
    'log-differs',
    `Schema ${named} holds another log: its event at ${last.position} is not that of the log to copy. Name another schema or database.`,
  );
}

function encoded(codec: EventCodec, event: RecordedEvent) {
  const { type, version, data, tags, metadata, id, recordedAt } = event;
  const one = codec.encode({ type, version, data, tags, metadata, id });
  one.recordedAtMs = recordedAt.getTime();
  return one;
}

async function append(client: pg.Client, named: string, head: number, events: ReturnType<typeof encoded>[]) {
  const { rows } = await client.query<{ before: number }>({
    name: 'copy-batch',
    text: `SELECT head::float8 AS before FROM ${named}.append_batch($1, 'copy', 0, $2, $3, $4, $5, $6, $7, $8, NULL, NULL)`,
    values: [head, ...batchParameters(events)],
  });
  if (rows[0]?.before === head) return;
  throw new CarillonError(
    'log-differs',
    `Somebody else writes to the log in schema ${named}: stop the application first.`,
  );
}
