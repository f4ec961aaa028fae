import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';

import {
  type Clock,
  type EventCodec,
  LogOpenError,
  maxPendingEvents,
  RecentEvents,
  systemClock,
} from 'carillon/adapters';
import type { Log } from 'carillon/log';
import type pg from 'pg';
import { checkUrl, connectProblem } from '../connection/connect-problem.js';
import { openPool } from '../connection/pool.js';
import { checkSchema, quoted } from '../connection/schema-name.js';
import { migrate } from '../migrations/migrations.js';
import { Archive } from './archive.js';
import { BatchWriter } from './batch-writer.js';
import { channelOf } from './channel.js';
import { encodedEvent } from './event-rows.js';
import { Follower } from './follower.js';
import { IndexTables } from './index-tables.js';
import { Indexer } from './indexer.js';
import { segmentEvents } from './log-schema.js';
import { PostgresLog } from './postgres-log.js';
import { readCodec } from './read-codec.js';
import type { HashesAt } from './segment-postings.js';

/** What `openPostgresLog` takes. */
export interface PostgresLogOptions {
  /** `postgresql://user:password@host:5432/database`. */
  readonly url: string;
  /** The schema of the log's tables: one for each application. Made if it is not there. */
  readonly schema: string;
  /** Whether it is an error if the log is not there yet. Default false. */
  readonly mustExist?: boolean;
  /** Says when events are recorded. Default: the machine's clock. */
  readonly clock?: Clock;
  /** How many events may wait to be written before appends are refused. Default `maxPendingEvents`. */
  readonly maxPendingEvents?: number;
  /** How often it is looked for events of other processes when no notification comes, in milliseconds. Default 250. */
  readonly pollMs?: number;
  /**
   * How long appends, and what is loaded for decisions, wait for a database that cannot be reached, or for whoever holds the head of the log, in
   * milliseconds. Default 30,000.
   */
  readonly patienceMs?: number;
  /** How long the database may take to answer before a connection counts as lost, in milliseconds. Default 10,000. */
  readonly answerTimeoutMs?: number;
  /** The most connections for reading old events. Default 4; three more write, index and listen. */
  readonly readers?: number;
}

/** Blocks of recent events in memory have so many: two segments of the index. */
const blockEvents = 2 * segmentEvents;

/** Reading old events may take so many times as long as other answers. */
const readPatience = 3;

/**
 * Opens a log in PostgreSQL. Any number of processes may have it open, and append.
 *
 * An append returns when its transaction is committed: durable as the server's `synchronous_commit` says, which is on by default.
 *
 * @throws CarillonError `postgres-url-invalid`
 * @throws LogOpenError when the database cannot be reached, its tables cannot be made, or the log must exist and does not
 */
export async function openPostgresLog(options: PostgresLogOptions): Promise<Log> {
  const { url, schema, clock = systemClock, readers = 4 } = options;
  const { patienceMs = 30_000, answerTimeoutMs = 10_000, pollMs = 250 } = options;
  checkUrl(url);
  const named = quoted(checkSchema(schema));
  const name = `carillon ${schema}`;
  const pool = openPool({ url, name, max: readers + 1, answerTimeoutMs: readPatience * answerTimeoutMs });
  try {
    if (options.mustExist === true) await checkExists(pool, named);
    await prepare(pool, schema);
    const codec = await readCodec(pool, named);
    const archive = new Archive({ pool, schema: named, codec });
    // What others have left to index is indexed first: what is not has to be in memory.
    const segments = await new IndexTables(pool, named).complete(codec);
    const recent = await readRecent(archive, codec, segments * segmentEvents);
    const hashesAt: HashesAt = (position, visit) => recent.eachHashAt(position, visit);
    const indexer = new Indexer({ pool, schema: named, segments, hashesAt });
    const log = new PostgresLog({
      archive,
      indexer,
      codec,
      clock,
      recent,
      maxPendingEvents: options.maxPendingEvents ?? maxPendingEvents,
      patienceMs,
      writer: new BatchWriter({
        connection: { url, name: `${name} writer`, answerTimeoutMs },
        schema: named,
        writer: `${hostname()}:${process.pid}:${randomUUID()}`,
        patienceMs,
      }),
      follow: (look) =>
        new Follower({
          connection: { url, name: `${name} listener`, answerTimeoutMs },
          channel: channelOf(schema),
          pollMs,
          look,
        }),
      onClosed: () => pool.end(),
    });
    pool.on('connect', () => log.connected());
    await log.start();
    return log;
  } catch (cause) {
    await pool.end();
    const problem = connectProblem(cause, url);
    throw new LogOpenError(`The log in schema ${schema} of PostgreSQL cannot be opened: ${problem}.`, { cause });
  }
}

async function checkExists(pool: pg.Pool, named: string): Promise<void> {
  const { rows } = await pool.query<{ log: string | null }>('SELECT to_regclass($1)::text AS log', [
    `${named}.log_head`,
  ]);
  if (rows[0]?.log === null)
    throw new Error('there is none; the application was never started on this database under this name');
}

async function prepare(pool: pg.Pool, schema: string): Promise<void> {
  const client = await pool.connect();
  try {
    await migrate(client, 'log', schema);
    // What became of their batches nobody will ask any more.
    await client.query(`DELETE FROM ${quoted(schema)}.writers WHERE written_at < now() - interval '30 days'`);
  } finally {
    client.release();
  }
}

async function readRecent(archive: Archive, codec: EventCodec, indexedThrough: number): Promise<RecentEvents> {
  const recent = new RecentEvents(indexedThrough + 1, codec, blockEvents);
  for (;;) {
    const rows = await archive.following(recent.last);
    for (const row of rows) recent.add(encodedEvent(row, codec));
    if (rows.length === 0) return recent;
  }
}
