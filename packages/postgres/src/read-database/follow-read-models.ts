import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { ReadModelDefinition } from 'carillon';
import { type ReadModelState, stateOf, stateOfAny } from 'carillon/adapters';
import type pg from 'pg';
import { openConnection } from '../connection/pool.js';
import { checkSchema } from '../connection/schema-name.js';
import { toStorageError } from './postgres-errors.js';
import { type BuildRow, buildColumns, moveChannel, readModelsTable, toBuild, useLock } from './read-model-rows.js';

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
  /** The read models that are used here: as long as they are followed, nobody can drop them. Default: none. */
  readonly readModels?: readonly ReadModelDefinition<string, any>[];
  readonly onMove: (move: ReadModelMove) => void;
  /** Hears of a read model of which only other tables are stored, under the version that is used here. */
  readonly onChanged?: (readModel: ReadModelDefinition<string, any>) => void;
  /** Hears of lost connections and other failures: it is tried again. */
  readonly onError: (error: unknown) => void;
  /** Hears that the connection was replaced, and the read models can be followed again. */
  readonly onReconnect?: () => void;
  /** How often it is looked whether a notification was lost, in milliseconds. Default 1,000. */
  readonly pollIntervalMs?: number;
  /** How long an answer may take before the connection is given up, in milliseconds. Default 10,000. */
  readonly answerTimeoutMs?: number;
}

/** How long to wait before a lost connection is tried again, in milliseconds: at first, and at most. */
const firstRetryMs = 100;
const maxRetryMs = 5_000;

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

interface Known {
  readonly state: ReadModelState;
  readonly tables: readonly string[];
  /** The how manieth notification told so; 0 when it was looked up. */
  readonly hearing: number;
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
  /** How many notifications have told of a move. */
  #hearings = 0;

  constructor(options: FollowReadModelsOptions) {
    this.#options = options;
  }

  async connect(): Promise<void> {
    const client = await this.#open();
    if (client !== undefined) await this.#follow(client);
  }

  /** A new connection; undefined when it is not wanted any more. */
  async #open(): Promise<pg.Client | undefined> {
    const { url, schema, answerTimeoutMs = 10_000 } = this.#options;
    // Whoever is told that this process uses a read model has to find it. The server cuts what is longer than 63 bytes.
    const name = `carillon ${hostname()}:${process.pid} follows ${schema}`;
    const client = await openConnection({ url, name, answerTimeoutMs });
    if (this.#isClosed) {
      await client.end();
      return undefined;
    }
    this.#client = client;
    client.on('end', () => this.#lost(client, new Error('The connection to the read database was lost.')));
    client.on('notification', ({ payload }) => this.#hear(payload ?? ''));
    return client;
  }

  /** Listens first and then looks, so that nothing falls between. */
  async #follow(client: pg.Client): Promise<void> {
    const { schema, readModels = [] } = this.#options;
    await client.query(`LISTEN ${client.escapeIdentifier(moveChannel(schema))}`);
    for (const readModel of readModels) {
      await client.query(`SELECT pg_advisory_lock_shared(${useLock(schema, readModel)})`);
    }
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

  /** What the table says holds, whatever was heard before it was asked. */
  async #look(client: pg.Client): Promise<void> {
    const since = this.#hearings;
    const table = readModelsTable(this.#options.schema);
    const there = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
    if (there.rows[0]?.there !== true) return;
    const { rows } = await client.query<BuildRow>(`SELECT ${buildColumns} FROM ${table} ORDER BY name, version, build`);
    const versions = new Map<string, BuildRow[]>();
    for (const row of rows) {
      const key = keyOf(row.name, row.version);
      const some = versions.get(key);
      if (some === undefined) versions.set(key, [row]);
      else some.push(row);
    }
    for (const some of versions.values()) this.#found(some, since);
  }

  #found(rows: readonly BuildRow[], since: number): void {
    const { name, version } = rows[0]!;
    const builds = rows.map(toBuild);
    const used = this.#options.readModels?.find((one) => one.name === name && one.version === version);
    const state = used === undefined ? stateOfAny(builds) : stateOf(used, builds);
    if (state === undefined) {
      if (used !== undefined && stateOfAny(builds) !== undefined) this.#options.onChanged?.(used);
      return;
    }
    const known = this.#known.get(keyOf(name, version));
    if (known !== undefined && known.hearing > since && known.state.build === state.build) {
      // A notification that came right behind the rows is heard before them: they are of before.
      if (known.state.position > state.position) {
        this.#mustLookAgain = true;
        return;
      }
    }
    const tables = Object.keys(builds.find(({ build }) => build === state.build)!.tables);
    this.#tell(name, version, { state, tables, hearing: 0 }, tables);
  }

  #hear(message: string): void {
    const client = this.#client;
    if (client === undefined) return;
    const told = moveIn(message);
    if (told === undefined) {
      this.#lookNow(client);
      return;
    }
    const [name, version, position, changed] = told;
    const known = this.#known.get(keyOf(name, version));
    const runs = known?.state.isServing === true && known.state.failure === undefined;
    // A move of a read model that runs is told as it is; all else is looked up.
    if (known !== undefined && runs && changed !== null && position > known.state.position) {
      const state = { ...known.state, position };
      this.#tell(name, version, { ...known, state, hearing: ++this.#hearings }, changed);
    } else if (known?.state.position !== position || changed === null) {
      this.#lookNow(client);
    }
  }

  #tell(readModel: string, version: number, now: Known, changed: readonly string[]): void {
    const key = keyOf(readModel, version);
    const before = this.#known.get(key)?.state;
    this.#known.set(key, now);
    if (isDeepStrictEqual(before, now.state)) return;
    const isSame = before?.position === now.state.position && before.build === now.state.build;
    try {
      this.#options.onMove({ readModel, version, ...now.state, tables: isSame ? [] : changed });
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
    this.#timer = setTimeout(() => void this.#connectAgain(), this.#retryMs);
    this.#retryMs = Math.min(maxRetryMs, 2 * this.#retryMs);
  }

  async #connectAgain(): Promise<void> {
    let client: pg.Client | undefined;
    try {
      client = await this.#open();
      if (client === undefined) return;
      await this.#follow(client);
    } catch (error) {
      // Who has a connection hears of its end from two sides: it is replaced once.
      if (client !== undefined) this.#lost(client, error);
      else if (!this.#isClosed) {
        this.#options.onError(toStorageError(error));
        this.#connectLater();
      }
      return;
    }
    if (!this.#isClosed) this.#options.onReconnect?.();
  }
}

function keyOf(name: string, version: number): string {
  return `${version} ${name}`;
}

/** What a notification tells: of which read model, up to where it is, and what has changed. Anybody may send one that tells nothing. */
type Move = readonly [name: string, version: number, position: number, changed: readonly string[] | null];

function moveIn(message: string): Move | undefined {
  try {
    const told: unknown = JSON.parse(message);
    return Array.isArray(told) && told.length === 4 ? (told as unknown as Move) : undefined;
  } catch {
    return undefined;
  }
}
