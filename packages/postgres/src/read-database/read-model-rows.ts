import type { ReadModelDefinition } from 'carillon';
import type { BuildStatus, ReadModelFailure, StoredBuild } from 'carillon/adapters';
import pg from 'pg';
import { quoted } from '../connection/schema-name.js';

/** Which read model, in any version of it. */
export type Which = Pick<ReadModelDefinition<string, any>, 'name' | 'version'>;

/** The table that says where read models stand. */
export function readModelsTable(schema: string): string {
  return `${quoted(schema)}.read_models`;
}

/** The condition for the rows of one version of a read model, for statements that take no parameters. */
export function isRow({ name, version }: Which): string {
  return `name = ${pg.escapeLiteral(name)} AND version = ${Number(version)}`;
}

/** A build as it is noted down on PostgreSQL. */
export interface PostgresBuild extends StoredBuild {
  /** What its tables are called, by their declared names. */
  readonly tables: { readonly [table: string]: string };
}

/** A row as the server sends it. */
export interface BuildRow {
  readonly name: string;
  readonly version: number;
  readonly build: number;
  readonly status: string;
  readonly position: string;
  readonly fingerprint: string;
  readonly tables: string;
  readonly failure: string | null;
  readonly begun_at: string;
}

/** What is selected of a build. */
export const buildColumns =
  'name, version, build, status, position, fingerprint, tables, failure, ' +
  `to_char(begun_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS begun_at`;

export function toBuild({ build, status, position, fingerprint, tables, failure, begun_at }: BuildRow): PostgresBuild {
  return {
    build,
    status: status as BuildStatus,
    position: Number(position),
    fingerprint,
    tables: JSON.parse(tables) as PostgresBuild['tables'],
    failure: failure === null ? undefined : (JSON.parse(failure) as ReadModelFailure),
    begunAt: begun_at,
  };
}

/** The key of the lock that everyone holds together who uses a version of a read model, so that nobody drops it. */
export function useLock(schema: string, { name, version }: Which): string {
  return `hashtextextended(${pg.escapeLiteral(`carillon use ${schema} ${name}@${version}`)}, 0)`;
}

/** Asks who holds a lock, as far as the server shows: what a connection calls itself, and where it comes from. */
export function holdersOf(lock: string): string {
  return (
    `SELECT DISTINCT coalesce(nullif(application_name, '') || ', ', '') || coalesce('from ' || host(client_addr) || ', ', '') ||` +
    ` 'backend ' || pid AS who FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' AND granted` +
    ` AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) AND objsubid = 1` +
    ` AND (classid::bigint << 32) | objid::bigint = ${lock} ORDER BY who`
  );
}

/** The channel on which moves of the read models of one schema are told. */
export function moveChannel(schema: string): string {
  return `carillon_${schema}`;
}

/** The most bytes of a message, below what PostgreSQL takes (8,000). */
const maxMessageBytes = 7_000;

/**
 * The statement that tells of a move when its transaction is committed: `changed` are the tables, null when more is to be told than that
 * it went on.
 */
export function tellMove(
  schema: string,
  { name, version }: Which,
  position: number,
  changed: readonly string[] | null,
): string {
  const short = (tables: readonly string[] | null) => JSON.stringify([name, version, position, tables]);
  const whole = short(changed);
  const message = Buffer.byteLength(whole) <= maxMessageBytes ? whole : short(null);
  return `SELECT pg_notify(${pg.escapeLiteral(moveChannel(schema))}, ${pg.escapeLiteral(message)})`;
}
