import type pg from 'pg';
import { type ConnectionOptions, openConnection } from '../connection/pool.js';

/** What a follower works with. */
export interface FollowerParts {
  readonly connection: ConnectionOptions;
  /** The channel of PostgreSQL's notifications. */
  readonly channel: string;
  /** How often it is looked without being told, in milliseconds. */
  readonly pollMs: number;
  /** Looks whether the log has grown. */
  readonly look: () => Promise<void>;
}

/** At most so often other processes are told that the log has grown, in milliseconds. */
const tellEveryMs = 5;

/**
 * Hears that the log has grown, and tells others. A notification that gets lost costs the time until the next look; notifications are
 * sent after the commit and not by it, because PostgreSQL commits those that notify one after the other.
 */
export class Follower {
  readonly #parts: FollowerParts;
  #client: pg.Client | undefined;
  #connecting: Promise<void> | undefined;
  #poll: NodeJS.Timeout | undefined;
  #tell: NodeJS.Timeout | undefined;
  #tellAgain = false;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #isClosed = false;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#connect();
    this.#poll = setInterval(() => {
      if (this.#client === undefined) void this.#connect();
      this.look();
    }, this.#parts.pollMs);
    this.#poll.unref();
  }

  /** Looks now, and once more when it was asked for meanwhile. */
  look(): void {
    if (this.#isClosed) return;
    if (this.#looking !== undefined) {
      this.#lookAgain = true;
      return;
    }
    // What cannot be read now is read at the next look.
    this.#looking = this.#parts
      .look()
      .catch(() => undefined)
      .finally(() => {
        this.#looking = undefined;
        if (!this.#lookAgain) return;
        this.#lookAgain = false;
        this.look();
      });
  }

  /** Tells other processes, soon and once for many. */
  tell(): void {
    if (this.#tell !== undefined) this.#tellAgain = true;
    this.#tell ??= setTimeout(() => {
      // One at a time; what happens meanwhile is told with the next.
      const client = this.#client;
      const told = client?.query(`NOTIFY ${this.#parts.channel}`) ?? Promise.resolve();
      void told
        .catch(() => this.#drop(client))
        .finally(() => {
          this.#tell = undefined;
          if (!this.#tellAgain || this.#isClosed) return;
          this.#tellAgain = false;
          this.tell();
        });
    }, tellEveryMs);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#tell);
    await this.#connecting;
    await this.#looking;
    await this.#client?.end().catch(() => undefined);
  }

  #connect(): Promise<void> {
    this.#connecting ??= this.#listen().finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  /** Listens, if it can be; otherwise looks now and then until it can. */
  async #listen(): Promise<void> {
    let client: pg.Client | undefined;
    try {
      client = await openConnection(this.#parts.connection);
      const { processID: own } = client as pg.Client & { readonly processID: number };
      // What this process has told itself it knows already.
      client.on('notification', ({ processId }) => {
        if (processId !== own) this.look();
      });
      client.once('end', () => this.#drop(client));
      // PostgreSQL commits a notification as if it wrote something: it need not wait for the disk, and not keep appends from it.
      await client.query('SET synchronous_commit = off');
      await client.query(`LISTEN ${this.#parts.channel}`);
      if (this.#isClosed) await client.end();
      else this.#client = client;
    } catch {
      this.#drop(client);
    }
  }

  /** The next poll connects again. */
  #drop(client: pg.Client | undefined): void {
    if (this.#client === client) this.#client = undefined;
    void client?.end().catch(() => undefined);
  }
}
