import { setTimeout as sleep } from 'node:timers/promises';
import { type EncodedEvent, LogOutcomeUnknownError } from 'carillon/adapters';
import type pg from 'pg';
import { isConnectionError, sqlState } from '../connection/connection-errors.js';
import { type ConnectionOptions, openConnection } from '../connection/pool.js';
import { batchParameters, type EventColumns, type EventRow, followingEvents, rowsAfter } from './event-rows.js';
import { headHeld } from './log-problems.js';
import { maxForeignEvents } from './log-schema.js';
import { LogSetBackError } from './log-set-back-error.js';
import type { Watched } from './watched.js';

/** What a batch writer works with. */
export interface BatchWriterParts {
  readonly connection: ConnectionOptions;
  /** The schema, quoted. */
  readonly schema: string;
  /** A name that no other process has: by it the fate of a batch is found out. */
  readonly writer: string;
  /** How long it is tried to reach the database before a batch fails, in milliseconds. */
  readonly patienceMs: number;
}

/** What the log has for the writer. */
export interface Place {
  /** The head as far as this process knows. */
  readonly head: number;
  /** The events to write, in the order of their places right after the head. */
  readonly events: readonly EncodedEvent[];
  /** What others may not have appended meanwhile; undefined when they may not have appended anything. */
  readonly watched: Watched | undefined;
  /** Says that the database has this row at the head. @throws LogSetBackError if that is not the event that this process knows there */
  readonly compare: (row: EventRow) => void;
}

/**
 * Takes in what others have appended, at least one event, and says what of the batch is still to be written, and where.
 *
 * @param isWritten the batch is in the log already, right behind what others have appended
 */
export type Rebase = (foreign: readonly EventRow[], isWritten: boolean) => Place;

/** A batch on its way. */
interface Attempt {
  /** The number by which the database knows it. */
  number: number;
  place: Place;
  readonly rebase: Rebase;
  /** How often it was refused because of what others had appended. */
  refusals: number;
  /** It was sent, and nobody knows what became of it. */
  isUncertain: boolean;
  /** Until when it is tried, by `performance.now()`. */
  readonly deadlineMs: number;
  /** What it failed of last. */
  lastError: unknown;
}

/** What the database says to a batch. */
interface Answer {
  readonly isWritten: boolean;
  /** What others had appended before; undefined when it is too much to tell. */
  readonly foreign: readonly EventRow[] | undefined;
}

/** Who was refused so often takes the head, so that nobody can be faster. */
const maxRefusals = 3;

/** How long the server lets a transaction be silent before it ends it, in milliseconds. */
const maxSilenceMs = 5_000;

/** Taking the head waits for those who queue for it, and for who has it: both together end before the answer counts as lost. */
const waitsPerAnswer = 3;

/** How long to wait before the connection is tried again, in milliseconds. */
const reconnectMs = 100;

/**
 * Writes batches at the end of the log, one at a time, each in one round trip. It goes out with the head at which it is meant, and with
 * what it would not get along with. If others have appended since, and none of that is among it, it goes behind, and comes back with what
 * they have appended; otherwise nothing is written, and what is still possible goes out again. Nobody holds the head while he thinks,
 * except who was refused several times.
 */
export class BatchWriter {
  readonly #parts: BatchWriterParts;
  #client: pg.Client | undefined;
  #lastNumber = 0;
  /** When a batch of which nobody can say what became of it fails, by `performance.now()`: not before the log is closed. */
  #hurryAt = Number.POSITIVE_INFINITY;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
  }

  /**
   * Appends what belongs after the head, or what is left of it after others were first: see `rebase`. Resolves when it is durable; the place
   * that was written is the last that `rebase` gave, or the given one.
   *
   * @throws when the database refuses, or cannot be reached for too long: then nothing was appended
   * @throws LogOutcomeUnknownError when the log is closed before it is known what became of the batch
   * @throws LogSetBackError when the log ends before the head that this process knows
   */
  async write(place: Place, rebase: Rebase): Promise<void> {
    const deadlineMs = performance.now() + this.#parts.patienceMs;
    const number = ++this.#lastNumber;
    const attempt: Attempt = {
      number,
      place,
      rebase,
      refusals: 0,
      isUncertain: false,
      deadlineMs,
      lastError: undefined,
    };
    while (attempt.place.events.length > 0) {
      try {
        if (await this.#try(await this.#connected(attempt.place), attempt)) return;
      } catch (error) {
        this.#drop();
        const nowMs = performance.now();
        const isHurried = nowMs > this.#hurryAt;
        const isOver = nowMs > deadlineMs || isHurried;
        attempt.lastError = error;
        // What this process has appended after what is gone is gone, too.
        if (error instanceof LogSetBackError) throw error;
        // Whatever the database says now: it is asked until it says what became of the batch.
        const isPassing = isConnectionError(error) || isHeadHeld(error);
        if (attempt.isUncertain ? isHurried : isOver || !isPassing) throw failure(error, attempt);
        await sleep(reconnectMs);
      }
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** A batch that cannot be written by then fails, be it that nobody can say what became of it: that is waited for without end otherwise. */
  hurry(withinMs: number): void {
    this.#hurryAt = performance.now() + withinMs;
  }

  /** Says whether the batch is in the log, and the log knows where. */
  async #try(client: pg.Client, attempt: Attempt): Promise<boolean> {
    if (attempt.isUncertain) {
      if (await this.#findOutcome(client, attempt)) return true;
      // It may never arrive: it is too large for what lies between, or ends the server each time.
      if (performance.now() > attempt.deadlineMs) throw attempt.lastError;
    }
    if (attempt.refusals >= maxRefusals) return this.#takeTurn(client, attempt);
    const { isWritten, foreign } = await this.#send(attempt, () => this.#append(client, attempt));
    if (foreign === undefined) while (await this.#takeInPage(client, attempt));
    else if (foreign.length > 0) attempt.place = attempt.rebase(foreign, isWritten);
    if (!isWritten && foreign !== undefined) attempt.refusals++;
    return isWritten;
  }

  /** Sends what appends. What the database answers is certain, be it an error; when nothing is heard, it is not. */
  async #send<T>(attempt: Attempt, send: () => Promise<T>): Promise<T> {
    attempt.isUncertain = true;
    try {
      const answer = await send();
      attempt.isUncertain = false;
      return answer;
    } catch (error) {
      if (!isConnectionError(error)) attempt.isUncertain = false;
      throw error;
    }
  }

  /** One statement, which is a transaction if there is none yet. */
  async #append(client: pg.Client, { number, place: { head, events, watched } }: Attempt): Promise<Answer> {
    const text = `SELECT head::float8, is_written, foreign_types, foreign_versions, foreign_tag_lists, foreign_datas, foreign_metadatas,
      foreign_ids, foreign_times FROM ${this.#parts.schema}.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;
    const values = [head, this.#parts.writer, number, ...batchParameters(events), ...(watched ?? [null, null])];
    const rows = await rowsOf<[number, boolean, ...EventColumns]>(client, 'append-batch', text, values);
    const [found, isWritten, ...foreign] = rows[0]!;
    if (found < head) throw new LogSetBackError({ found, known: head });
    if (found === head) return { isWritten, foreign: [] };
    return { isWritten, foreign: foreign[0] === null ? undefined : rowsAfter(head, foreign) };
  }

  /**
   * Takes the head, so that nobody else appends, and writes what then still belongs there. Says whether it did: who is far behind
   * catches up first, and lets the others append meanwhile.
   */
  async #takeTurn(client: pg.Client, attempt: Attempt): Promise<boolean> {
    await client.query('BEGIN');
    const lock = `SELECT position::float8 FROM ${this.#parts.schema}.log_head FOR UPDATE`;
    const [head] = (await rowsOf<[number]>(client, 'take-head', lock))[0]!;
    if (head - attempt.place.head > maxForeignEvents) {
      await client.query('ROLLBACK');
      while (await this.#takeInPage(client, attempt));
      return false;
    }
    while (attempt.place.head < head) {
      if (!(await this.#takeInPage(client, attempt)))
        throw new LogSetBackError({ found: attempt.place.head, known: head });
    }
    if (attempt.place.events.length > 0) await this.#append(client, attempt);
    await this.#send(attempt, () => client.query('COMMIT'));
    return true;
  }

  /** Takes in a page of what others have appended. Says whether there was any. */
  async #takeInPage(client: pg.Client, attempt: Attempt): Promise<boolean> {
    const foreign = await this.#pageAfter(client, attempt.place.head, maxForeignEvents);
    if (foreign.length === 0) return false;
    attempt.place = attempt.rebase(foreign, false);
    return true;
  }

  /**
   * Finds out whether a batch of which nothing was heard any more is in the log: waits for the transaction if it still runs. If it is, what
   * others had appended before it is taken in. If not, it is given up, so that it is refused if it arrives yet, and has a new number.
   */
  async #findOutcome(client: pg.Client, attempt: Attempt): Promise<boolean> {
    const { schema, writer } = this.#parts;
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM ${schema}.log_head FOR UPDATE`);
    const last = `SELECT batch::float8, first::float8 FROM ${schema}.writers WHERE writer = $1`;
    const [[written, first] = [0, 0]] = await rowsOf<[number, number]>(client, 'last-batch', last, [writer]);
    const isWritten = written === attempt.number && first > 0;
    if (!isWritten) {
      const giveUp = `INSERT INTO ${schema}.writers (writer, batch, first, last) VALUES ($1, $2, 0, 0)
        ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, first = 0, last = 0, written_at = excluded.written_at`;
      await rowsOf(client, 'give-up', giveUp, [writer, attempt.number]);
    }
    await client.query('COMMIT');
    if (isWritten) await this.#takeInBefore(client, attempt, first);
    else attempt.number = ++this.#lastNumber;
    attempt.isUncertain = false;
    return isWritten;
  }

  /** Takes in what others had appended before a batch that is in the log. */
  async #takeInBefore(client: pg.Client, attempt: Attempt, first: number): Promise<void> {
    for (let { head } = attempt.place; head + 1 < first; ) {
      const page = await this.#pageAfter(client, head, Math.min(maxForeignEvents, first - 1 - head));
      if (page.length === 0) throw new LogSetBackError({ found: head, known: first });
      attempt.place = attempt.rebase(page, true);
      head += page.length;
    }
  }

  #pageAfter(client: pg.Client, position: number, limit: number): Promise<readonly EventRow[]> {
    return rowsOf<EventRow>(client, 'following', followingEvents(this.#parts.schema), [position, limit]);
  }

  async #connected({ head, compare }: Place): Promise<pg.Client> {
    if (this.#client === undefined) {
      const { connection } = this.#parts;
      const client = await openConnection(connection);
      this.#client = client;
      // Whoever holds the head and then falls silent keeps everybody waiting: not for longer than this. And the server does not notice that a
      // connection is given up while it waits for a lock: there would be more and more of them.
      const lockTimeoutMs = Math.ceil((connection.answerTimeoutMs ?? 0) / waitsPerAnswer);
      await client.query(
        `SET idle_in_transaction_session_timeout = ${maxSilenceMs}; SET lock_timeout = ${lockTimeoutMs}`,
      );
      // It may lead to another server than the last one, where others have appended since.
      if (head > 0) for (const row of await this.#pageAfter(client, head - 1, 1)) compare(row);
    }
    return this.#client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
  }
}

/** Whether somebody else holds the head, and does not let it go. */
function isHeadHeld(error: unknown): boolean {
  return sqlState(error) === '55P03';
}

/** What is said when a batch fails for good. */
function failure(error: unknown, { isUncertain }: Attempt): unknown {
  if (!isUncertain) return isHeadHeld(error) ? headHeld(error) : error;
  const message = error instanceof Error ? error.message : String(error);
  return new LogOutcomeUnknownError(
    `It is not known whether PostgreSQL has appended these events: ${message}. Look for them in the log before you append them again.`,
    { cause: error },
  );
}

async function rowsOf<Row>(client: pg.Client, name: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await client.query<any>({ name, text, values, rowMode: 'array' });
  return rows as unknown as Row[];
}
