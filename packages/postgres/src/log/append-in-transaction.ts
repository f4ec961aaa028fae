import { CarillonError, type NewEvent } from 'carillon';
import {
  AppendConditionError,
  type Clock,
  checkLogQuery,
  checkPosition,
  EventCodec,
  LogLimitError,
  LogOpenError,
  type LogQuery,
  maxEventsPerAppend,
  systemClock,
} from 'carillon/adapters';
import type { AppendCondition, Appended } from 'carillon/log';
import type pg from 'pg';
import { sqlState } from '../connection/connection-errors.js';
import { checkSchema, quoted } from '../connection/schema-name.js';
import { Archive } from './archive.js';
import { channelOf } from './channel.js';
import { batchParameters } from './event-rows.js';
import { storedText } from './event-text.js';

/** What `appendInTransaction` takes. */
export interface TransactionAppend {
  /** The schema of the log. */
  readonly schema: string;
  readonly events: readonly NewEvent[];
  readonly condition?: AppendCondition;
  /** Says when the events are recorded. Default: the machine's clock. */
  readonly clock?: Clock;
}

/** SQLSTATE of a table, or its schema, that is not there. */
const undefinedTable = '42P01';

/** What appends in transactions are called among the writers. */
const writer = 'transactions';

/**
 * Appends events in a transaction that you have begun: they are in the log if, and only if, what else the transaction writes is in
 * the database. This is the transactional outbox, without a second table and without anything that copies from it.
 *
 * From this call until the transaction ends nobody else can append: make it the last thing before you commit.
 *
 * @throws AppendConditionError, InvalidEventError, LogLimitError: nothing was written by this call, and the transaction can go on
 * @throws CarillonError `transaction-missing` when none was begun on this connection
 * @throws LogOpenError when the schema holds no log
 */
export async function appendInTransaction(
  client: pg.ClientBase,
  { schema, events, condition, clock = systemClock }: TransactionAppend,
): Promise<Appended> {
  const named = quoted(checkSchema(schema));
  if (events.length === 0 || events.length > maxEventsPerAppend) {
    throw new LogLimitError(`An append has 1 to ${maxEventsPerAppend} events, not ${events.length}.`);
  }
  const { rows } = await client
    .query<{ position: number; id_seed: string; hash_seed: string }>(
      `SELECT position::float8, id_seed, hash_seed FROM ${named}.log_head FOR UPDATE`,
    )
    .catch((cause: unknown) => {
      throw sqlState(cause) === undefinedTable ? logMissing(schema, cause) : cause;
    });
  // Only now: `BEGIN` may have been sent just before, and nobody waited for it.
  if (!(await isInTransaction(client))) throw transactionMissing();
  const { position: head, id_seed: idSeed, hash_seed: hashSeed } = rows[0]!;
  const codec = new EventCodec({ idSeed, hashSeed: Number(hashSeed) });
  const recordedAtMs = clock().getTime();
  const encoded = events.map((event, index) => {
    const one = codec.encode(event);
    one.position = head + 1 + index;
    one.recordedAtMs = recordedAtMs;
    return one;
  });
  if (condition !== undefined) {
    const conflict = await findConflict(client, named, codec, condition);
    if (conflict !== undefined) throw new AppendConditionError(conflict);
  }
  await client.query(`SELECT ${named}.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL)`, [
    head,
    writer,
    0,
    ...batchParameters(encoded),
  ]);
  // Told when the transaction commits, and only then.
  await client.query(`NOTIFY ${channelOf(schema)}`);
  return { first: head + 1, last: head + events.length };
}

/**
 * Whether a transaction is open in which something was locked. Older drivers do not say, and neither does a pool, whose statements each go
 * their own way: there the server is asked whether this is still the transaction that holds the lock.
 */
async function isInTransaction(client: Pick<pg.ClientBase, 'query'> & Partial<pg.ClientBase>): Promise<boolean> {
  if (client.getTransactionStatus !== undefined) return client.getTransactionStatus() !== 'I';
  const { rows } = await client.query<{ there: boolean }>(
    'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS there',
  );
  return rows[0]!.there;
}

function logMissing(schema: string, cause: unknown): LogOpenError {
  return new LogOpenError(
    `There is no log in schema "${schema}" of this database. Is the name right, and was the application started on this database once? Nothing was appended.`,
    { cause },
  );
}

function transactionMissing(): CarillonError {
  return new CarillonError(
    'transaction-missing',
    'No transaction has begun on this connection, so that the events would not be bound to anything. Nothing was appended: send BEGIN first, on one ' +
      'client of the pool (await pool.connect()), and COMMIT afterwards; or use append of the log.',
  );
}

/** The first event that should not be there: by the index as far as it reaches, and by looking at each after that. */
async function findConflict(
  client: pg.ClientBase,
  named: string,
  codec: EventCodec,
  { failIfEventsMatch, after = 0 }: AppendCondition,
): Promise<number | undefined> {
  checkLogQuery(failIfEventsMatch);
  checkPosition('after', after);
  const archive = new Archive({ pool: client, schema: named, codec });
  const { indexedThrough } = await archive.extent();
  const range = { after, before: indexedThrough + 1, limit: 1, backwards: false };
  const [archived] = await archive.find(failIfEventsMatch, range);
  if (archived !== undefined) return archived.position;
  const values: unknown[] = [Math.max(after, indexedThrough)];
  const where = matching(failIfEventsMatch, values);
  const { rows } = await client.query<{ position: number }>(
    `SELECT position::float8 FROM ${named}.events WHERE position > $1 AND ${where} ORDER BY position LIMIT 1`,
    values,
  );
  return rows[0]?.position;
}

/** A query of the log as a condition of SQL. */
function matching({ items }: LogQuery, values: unknown[]): string {
  if (items.length === 0) return 'true';
  const alternatives = items.map(({ types = [], tags = [] }) => {
    const parts: string[] = [];
    if (types.length > 0) parts.push(`type = ANY($${values.push(types.map(storedText))}::text[])`);
    if (tags.length > 0) parts.push(`tags @> $${values.push(tags.map(storedText))}::text[]`);
    return `(${parts.join(' AND ')})`;
  });
  return `(${alternatives.join(' OR ')})`;
}
