import type { Beat, Lease, LeaseStore, Roster } from 'carillon/adapters';
import pg from 'pg';

/** What a lease store works with. */
export interface LeaseStoreParts {
  readonly pool: pg.Pool;
  /** The schema that holds the tables of `leaseSchema`. */
  readonly schema: string;
}

/**
 * Leases in PostgreSQL. Each call is one statement, so that it happens whole or not at all; time is that of the server, so that
 * the clocks of the processes do not matter.
 */
export class PostgresLeaseStore implements LeaseStore {
  readonly #pool: pg.Pool;
  readonly #members: string;
  readonly #leases: string;

  constructor({ pool, schema }: LeaseStoreParts) {
    this.#pool = pool;
    this.#members = `${pg.escapeIdentifier(schema)}.members`;
    this.#leases = `${pg.escapeIdentifier(schema)}.leases`;
  }

  async beat(member: string, held: readonly string[], ttlMs: number): Promise<Beat> {
    const { rows } = await this.#pool.query<Beat>(
      `WITH time AS (SELECT clock_timestamp() AS now),
       gone AS (DELETE FROM ${this.#members} USING time WHERE member <> $1 AND expires_at < time.now - interval '1 hour'),
       alive AS (
         INSERT INTO ${this.#members} SELECT $1, time.now + $3 * interval '1 millisecond' FROM time
         ON CONFLICT (member) DO UPDATE SET expires_at = excluded.expires_at
       ),
       held AS (${this.#locked('name = ANY($2)')}),
       renewed AS (
         UPDATE ${this.#leases} AS lease SET expires_at = time.now + $3 * interval '1 millisecond'
         FROM time, held WHERE lease.name = held.name AND holder = $1 AND expires_at > time.now RETURNING lease.name
       )
       SELECT ARRAY(SELECT name FROM renewed) AS renewed,
         ARRAY(SELECT member FROM ${this.#members}, time WHERE expires_at > time.now AND member <> $1) || $1::text AS members,
         ARRAY(SELECT name FROM ${this.#leases}, time WHERE holder IS NOT NULL AND expires_at > time.now) AS taken`,
      [member, held, ttlMs],
    );
    return rows[0] as Beat;
  }

  async acquire(member: string, names: readonly string[], ttlMs: number): Promise<readonly Lease[]> {
    const { rows } = await this.#pool.query<{ name: string; token: string }>(
      // In the order of their names, as all lock them.
      `INSERT INTO ${this.#leases} AS lease (name, holder, token, expires_at)
       SELECT name, $1, 1, clock_timestamp() + $3 * interval '1 millisecond' FROM unnest($2::text[]) AS name ORDER BY name
       ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = lease.token + 1, expires_at = excluded.expires_at
       WHERE lease.holder IS NULL OR lease.expires_at <= clock_timestamp()
       RETURNING name, token`,
      [member, names, ttlMs],
    );
    return rows.map(({ name, token }) => ({ name, token: Number(token) }));
  }

  async release(member: string, names: readonly string[]): Promise<void> {
    await this.#pool.query(
      `WITH held AS (${this.#locked('name = ANY($2)')})
       UPDATE ${this.#leases} AS lease SET holder = NULL FROM held WHERE lease.name = held.name AND holder = $1`,
      [member, names],
    );
  }

  async look(): Promise<Roster> {
    const { rows } = await this.#pool.query<Roster>(
      `SELECT ARRAY(SELECT member FROM ${this.#members} WHERE expires_at > clock_timestamp()) AS members,
         ARRAY(SELECT name FROM ${this.#leases} WHERE holder IS NOT NULL AND expires_at > clock_timestamp()) AS taken`,
    );
    return rows[0] as Roster;
  }

  async leave(member: string): Promise<void> {
    await this.#pool.query(
      `WITH gone AS (DELETE FROM ${this.#members} WHERE member = $1), held AS (${this.#locked('true')})
       UPDATE ${this.#leases} AS lease SET holder = NULL FROM held WHERE lease.name = held.name AND holder = $1`,
      [member],
    );
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  /** Leases of the member $1, locked in one order for all, so that no two processes wait for each other. */
  #locked(which: string): string {
    return `SELECT name FROM ${this.#leases} WHERE holder = $1 AND ${which} ORDER BY name FOR UPDATE`;
  }
}
