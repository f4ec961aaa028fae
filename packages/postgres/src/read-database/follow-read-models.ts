import type { ReadModelState } from 'carillon/adapters';
import type pg from 'pg';
import { openConnection } from '../connection/pool.js';
import { checkSchema } from '../connection/schema-name.js';
import { toStorageError } from './postgres-errors.js';
import { moveChannel, readModelsTable, toState } from './read-model-rows.js';

/** Where a version of a read model has got to. */
export interface ReadModelMove extends ReadModelState {
  readonly readModel: string;
  readonly version: number;
  /** The tables that changed on the way, by their declared names; all of them where that is not known. */
  readonly tables: readonly string[];
}

/** What `followReadModels` takes. */
export interface FollowReadModelsOptions {
  readonly url: string;
  /** The schema of the read models' tables. */
  readonly schema: string;
  readonly onMove: (move: ReadModelMove) => void;
  /** Hears of lost connections and other failures: it is tried again. */
  readonly onError: (error: unknown) => void;
  /** How often it is looked whether a notification was lost, in milliseconds. Default 1,000. */
  readonly pollIntervalMs?: number;
}

/** How long to wait before a lost connection is tried again, in milliseconds: at first, and at most. */
const firstRetryMs = 100;
const maxRetryMs = 5_000;

/** How long an answer may take before the connection is given up, in milliseconds. */
const answerTimeoutMs = 10_000;

/**
 * Tells where read models get to, whichever process moves them: first where each stands, then every move, soon and at least the last of
 * several. What is heard of twice is told once. A lost notification costs the poll interval; a lost connection is replaced.
 *
 * @throws ReadDatabaseError when the server cannot be reached at first
 */
export async function followReadModels(options: FollowReadModelsOptions): Promise<{ close(): Promise<void> }> {
  checkSchema(options.schema);
  const following = new ReadModelFollowing(options);
  try {
    await following.connect();
  } catch (error) {
    await following.close();
    throw toStorageError(error);
  }
  return following;
}

interface StoredRow {
  readonly name: string;
  readonly version: number;
  readonly position: string;
  readonly failure: string | null;
  readonly tables: string;
}

interface Known {
  readonly position: number;
  readonly failure: string | null;
  readonly tables: readonly string[];
}

class ReadModelFollowing {
  readonly #options: FollowReadModelsOptions;
  /** What was told last, by name and version. */
  readonly #known = new Map<string, Known>();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #retryMs = firstRetryMs;
  #looking: Promise<void> | undefined;
  #mustLookAgain = false;
  #isClosed = false;

  constructor(options: FollowReadModelsOptions) {
    this.#options = options;
  }

  /** Listens first and then looks, so that nothing falls between. */
  async connect(): Promise<void> {
    const { url, schema } = this.#options;
    const client = await openConnection({ url, name: `carillon ${schema} follower` });
    if (this.#isClosed) return client.end();
    this.#client = client;
    client.on('end', () => this.#lost(client, new Error('The connection to the read database was lost.')));
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    await client.query(`LISTEN ${client.escapeIdentifier(moveChannel(schema))}`);
    await this.#look(client);
    this.#retryMs = firstRetryMs;
    this.#pollLater(client);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const client = this.#client;
    this.#client = undefined;
    await client?.end().catch(() => undefined);
  }

  #pollLater(client: pg.Client): void {
    if (client !== this.#client || this.#isClosed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#lookNow(client);
    }, this.#options.pollIntervalMs ?? 1_000);
    this.#timer.unref();
  }

  /** Looks once at a time; what comes meanwhile is looked at afterwards. */
  #lookNow(client: pg.Client): void {
    if (this.#looking !== undefined) {
      this.#mustLookAgain = true;
      return;
    }
    this.#looking = this.#look(client)
      .catch((error: unknown) => this.#lost(client, error))
      .finally(() => {
        this.#looking = undefined;
        const again = this.#mustLookAgain;
        this.#mustLookAgain = false;
        if (again && client === this.#client) this.#lookNow(client);
        else this.#pollLater(client);
      });
  }

  /** What the table says holds, whatever was heard: its notifications come before or after it on the same connection. */
  async #look(client: pg.Client): Promise<void> {
    const table = readModelsTable(this.#options.schema);
    const query = { text: `SELECT to_regclass($1) IS NOT NULL AS there`, values: [table] };
    const there = await client.query<{ there: boolean }>({
      ...query,
      query_timeout: answerTimeoutMs,
    } as pg.QueryConfig);
    if (there.rows[0]?.there !== true) return;
    const text = `SELECT name, version, position, failure, tables FROM ${table}`;
    const { rows } = await client.query<StoredRow>({ text, query_timeout: answerTimeoutMs } as pg.QueryConfig);
    for (const { name, version, position, failure, tables } of rows) {
      const declared = Object.keys(JSON.parse(tables) as object);
      this.#tell(name, version, { position: Number(position), failure, tables: declared }, declared);
    }
  }

  #hear(message: string): void {
    const client = this.#client;
    if (client === undefined) return;
    const [name, version, position, changed] = JSON.parse(message) as [string, number, number, string[] | null];
    const known = this.#known.get(keyOf(name, version));
    // A move of a read model that runs is told as it is; all else is looked up.
    if (known !== undefined && known.failure === null && changed !== null && position > known.position) {
      this.#tell(name, version, { ...known, position }, changed);
    } else if (known?.position !== position || changed === null) {
      this.#lookNow(client);
    }
  }

  #tell(readModel: string, version: number, now: Known, changed: readonly string[]): void {
    const key = keyOf(readModel, version);
    const known = this.#known.get(key);
    this.#known.set(key, now);
    if (known?.position === now.position && known.failure === now.failure) return;
    const isSamePlace = known?.position === now.position;
    try {
      const state = toState(String(now.position), now.failure);
      this.#options.onMove({ readModel, version, ...state, tables: isSamePlace ? [] : changed });
    } catch (error) {
      this.#options.onError(error);
    }
  }

  #lost(client: pg.Client, error: unknown): void {
    if (client !== this.#client || this.#isClosed) return;
    this.#client = undefined;
    clearTimeout(this.#timer);
    client.end().catch(() => undefined);
    this.#options.onError(toStorageError(error));
    this.#connectLater();
  }

  #connectLater(): void {
    this.#timer = setTimeout(() => {
      this.connect().catch((error: unknown) => {
        if (this.#isClosed) return;
        const client = this.#client;
        this.#client = undefined;
        client?.end().catch(() => undefined);
        this.#options.onError(toStorageError(error));
        this.#connectLater();
      });
    }, this.#retryMs);
    this.#retryMs = Math.min(maxRetryMs, 2 * this.#retryMs);
  }
}

function keyOf(name: string, version: number): string {
  return `${version} ${name}`;
}
