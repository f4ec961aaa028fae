import { setTimeout as sleep } from 'node:timers/promises';
import type { EncodedEvent } from 'carillon/adapters';
import type pg from 'pg';
import { isConnectionError } from '../connection/connection-errors.js';
import { type ConnectionOptions, openConnection } from '../connection/pool.js';
import { batchParameters, type EventRow, eventColumns } from './event-rows.js';

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

/** What the writer asks of the log while it holds the head. */
export interface Place {
  /** The head as far as this process knows. */
  readonly head: number;
  /** The events to write, in the order of their places right after the head. */
  readonly events: readonly EncodedEvent[];
}

/** Where a batch can go: takes in what others have appended, and says what of the batch is still to be written, and where. */
export type Rebase = (foreign: readonly EventRow[]) => Place;

/** A batch on its way. */
interface Attempt {
  place: Place;
  readonly rebase: Rebase;
  /** It was sent, and nobody knows what became of it. */
  isUncertain: boolean;
}

/** After so many batches in a row without another writer the short way is tried again. */
const batchesUntilAlone = 8;

/** So many events of others are taken in while the head is held. */
const foreignPage = 5_000;

/** How long the server lets a transaction be silent before it ends it, in milliseconds. */
const maxSilenceMs = 5_000;

/** How long to wait before the connection is tried again, in milliseconds. */
const reconnectMs = 100;

/**
 * Writes batches at the end of the log, one at a time. Alone, it takes one round trip: the batch goes out with the head at which it is
 * meant, and is appended if that is still the head. When others write, too, it takes the head first, takes in what they have
 * appended, and then writes: two round trips, and never in vain.
 */
export class BatchWriter {
  readonly #parts: BatchWriterParts;
  #client: pg.Client | undefined;
  #batch = 0;
  /** How many more batches take the head first. */
  #crowded = 0;
  #isClosed = false;

  constructor(parts: BatchWriterParts) {
    this.#parts = parts;
  }

  /**
   * Appends what belongs after the head, or what is left of it after others were first: see `rebase`. Resolves with the head before the
   * batch when it is durable; the place that was written is the last that `rebase` gave, or the given one.
   *
   * @throws when the database refuses, or cannot be reached for too long: then nothing was appended
   */
  async write(place: Place, rebase: Rebase): Promise<void> {
    const batch = ++this.#batch;
    const attempt: Attempt = { place, rebase, isUncertain: false };
    const deadline = performance.now() + this.#parts.patienceMs;
    for (;;) {
      try {
        const client = await this.#connected();
        if (attempt.isUncertain && (await this.#isWritten(client, batch))) return;
        attempt.isUncertain = false;
        if (this.#crowded > 0) {
          if (await this.#takeTurn(client, batch, attempt)) return;
          continue;
        }
        attempt.isUncertain = true;
        if (await this.#append(client, batch, attempt.place)) return;
        attempt.isUncertain = false;
        this.#crowded = batchesUntilAlone;
      } catch (error) {
        this.#drop();
        const isOver = performance.now() > deadline && (!attempt.isUncertain || this.#isClosed);
        if (!isConnectionError(error) || isOver) throw error;
        await sleep(reconnectMs);
      }
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** From now on a batch of which nobody can say what became of it fails when its time is over, instead of waiting for ever. */
  hurry(): void {
    this.#isClosed = true;
  }

  /** One statement, which is a transaction. Says whether it was appended. */
  async #append(client: pg.Client, batch: number, { head, events }: Place): Promise<boolean> {
    const text = `SELECT ${this.#parts.schema}.append_batch($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)::float8`;
    const values = [head, this.#parts.writer, batch, ...batchParameters(events)];
    const rows = await rowsOf<[number]>(client, 'append-batch', text, values);
    return rows[0]![0] === head;
  }

  /**
   * Takes the head, so that nobody else appends, and writes what then still belongs there. Says whether it did: who is far behind
   * catches up first, and lets the others append meanwhile.
   */
  async #takeTurn(client: pg.Client, batch: number, attempt: Attempt): Promise<boolean> {
    await client.query('BEGIN');
    const lock = `SELECT position::float8 FROM ${this.#parts.schema}.log_head FOR UPDATE`;
    const [head] = (await rowsOf<[number]>(client, 'take-head', lock))[0]!;
    if (head === attempt.place.head) this.#crowded--;
    else this.#crowded = batchesUntilAlone;
    if (head - attempt.place.head > foreignPage) {
      await client.query('ROLLBACK');
      while ((await this.#takeIn(client, attempt)) === foreignPage);
      return false;
    }
    if (head !== attempt.place.head) await this.#takeIn(client, attempt);
    if (attempt.place.events.length > 0) await this.#append(client, batch, attempt.place);
    attempt.isUncertain = true;
    await client.query('COMMIT');
    return true;
  }

  /** A page of what others have appended. Says how many events it had. */
  async #takeIn(client: pg.Client, attempt: Attempt): Promise<number> {
    const text = `SELECT ${eventColumns} FROM ${this.#parts.schema}.events WHERE position > $1 ORDER BY position LIMIT ${foreignPage}`;
    const foreign = await rowsOf<EventRow>(client, 'foreign-events', text, [attempt.place.head]);
    attempt.place = attempt.rebase(foreign);
    return foreign.length;
  }

  /** Whether a batch of which nothing was heard any more is in the log: waits for the transaction if it still runs. */
  async #isWritten(client: pg.Client, batch: number): Promise<boolean> {
    const { schema, writer } = this.#parts;
    await client.query('BEGIN');
    await client.query(`SELECT 1 FROM ${schema}.log_head FOR UPDATE`);
    const text = `SELECT batch::float8 FROM ${schema}.writers WHERE writer = $1`;
    const rows = await rowsOf<[number]>(client, 'last-batch', text, [writer]);
    await client.query('COMMIT');
    return rows[0]?.[0] === batch;
  }

  async #connected(): Promise<pg.Client> {
    if (this.#client === undefined) {
      const client = await openConnection(this.#parts.connection);
      // Whoever holds the head and then falls silent keeps everybody waiting: not for longer than this.
      await client.query(`SET idle_in_transaction_session_timeout = ${maxSilenceMs}`);
      this.#client = client;
    }
    return this.#client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = undefined;
    void client?.end().catch(() => undefined);
  }
}

async function rowsOf<Row>(client: pg.Client, name: string, text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await client.query<any>({ name, text, values, rowMode: 'array' });
  return rows as unknown as Row[];
}
