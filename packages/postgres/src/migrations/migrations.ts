import { CarillonError } from 'carillon';
import type pg from 'pg';
import { checkSchema, quoted } from '../connection/schema-name.js';
import { logMigrations } from './log-migrations.js';
import type { Migration } from './migration.js';
import { readMigrations } from './read-migrations.js';

/** The side of an application that has tables of its own: they may be in different databases. */
export type MigratedSide = 'log' | 'read';

const migrations: { readonly [side in MigratedSide]: readonly Migration[] } = {
  log: logMigrations,
  read: readMigrations,
};

/** What `postgresMigrations` takes. */
export interface MigrationOptions {
  readonly schema: string;
  /** The version that is there; only later steps are given. Default 0: nothing is there. */
  readonly from?: number;
}

/**
 * The SQL that makes or upgrades the tables of one side, for someone who wants to run it by hand: one transaction. Where it has
 * been run, opening changes nothing, and needs no right to change tables.
 */
export function postgresMigrations(side: MigratedSide, { schema, from = 0 }: MigrationOptions): string {
  const steps = migrations[side].filter(({ version }) => version > from);
  const named = quoted(checkSchema(schema));
  const sql = steps.map((step) => `-- ${step.version}: ${step.name}\n${filled(step, named)}\n${record(step, named)}`);
  return `BEGIN;\n${lock(schema, side)}\n${base(named)}\n${sql.join('\n')}\nCOMMIT;\n`;
}

/**
 * Brings the tables of one side up to date. Several processes may do so at a time.
 *
 * @throws CarillonError `schema-newer` when a newer Carillon has been here, `schema-taken` when the schema has the tables of another side,
 * `encoding-unfit` when the database cannot hold every text
 */
export async function migrate(client: pg.ClientBase, side: MigratedSide, schema: string): Promise<void> {
  const known = migrations[side];
  const named = quoted(checkSchema(schema));
  if (checkVersion(await storedVersion(client, named, known), known.length, schema) === known.length) return;
  await checkEncoding(client);
  await client.query('BEGIN');
  try {
    await client.query(lock(schema, side));
    await client.query(base(named));
    const stored = checkVersion(await storedVersion(client, named, known), known.length, schema);
    for (const step of known.slice(stored)) {
      await client.query(filled(step, named));
      await client.query(record(step, named));
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

function checkVersion(stored: number, known: number, schema: string): number {
  if (stored <= known) return stored;
  throw new CarillonError(
    'schema-newer',
    `The tables in schema ${schema} are of version ${stored}; this Carillon knows ${known}. Update @carillon/postgres.`,
  );
}

/** Another encoding refuses what it has no letter for: an append, long after everything seemed to work. */
async function checkEncoding(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding");
  const { encoding } = rows[0]!;
  if (encoding === 'UTF8') return;
  throw new CarillonError(
    'encoding-unfit',
    `The database is encoded in ${encoding}, which cannot hold every text. Make one in UTF8: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`,
  );
}

async function storedVersion(client: pg.ClientBase, named: string, known: readonly Migration[]): Promise<number> {
  const { rows } = await client.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${named}.migrations`,
  ]);
  if (rows[0]?.there !== true) return 0;
  const { rows: steps } = await client.query<Pick<Migration, 'version' | 'name'>>(
    `SELECT version, name FROM ${named}.migrations ORDER BY version`,
  );
  const [first] = steps;
  if (first === undefined) return 0;
  if (first.name === known[0]!.name) return steps[steps.length - 1]!.version;
  throw new CarillonError(
    'schema-taken',
    `Schema ${named} has other tables of Carillon ("${first.name}", not "${known[0]!.name}"): the log and the read models of each application need ` +
      'schemas of their own. Name another one.',
  );
}

/** `IF NOT EXISTS` would not do: PostgreSQL asks for the right to make schemas before it looks whether this one is there. */
function base(named: string): string {
  return (
    `DO $do$ BEGIN IF to_regnamespace('${named}') IS NULL THEN CREATE SCHEMA ${named}; END IF; END $do$;\n` +
    `CREATE TABLE IF NOT EXISTS ${named}.migrations ` +
    '(version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());'
  );
}

/** One at a time, whoever it is. */
function lock(schema: string, side: MigratedSide): string {
  return `SELECT pg_advisory_xact_lock(hashtextextended('carillon ${side} ${schema.replaceAll("'", "''")}', 0));`;
}

function filled({ sql }: Migration, named: string): string {
  return sql.trim().replaceAll('{schema}', named);
}

function record({ version, name }: Migration, named: string): string {
  return `INSERT INTO ${named}.migrations (version, name) VALUES (${version}, '${name.replaceAll("'", "''")}');`;
}
