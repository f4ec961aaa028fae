import type { Sqlite, SqliteStatement } from '../../sqlite/driver.js';
import type { ReadModelFailure } from '../read-database.js';
import type { BuildStatus, StoredBuild } from '../stored-build.js';

/** A build as it is noted down on SQLite. */
export interface SqliteBuild extends StoredBuild {
  readonly tables: readonly string[];
}

/** Which version of a read model. */
export interface Which {
  readonly name: string;
  readonly version: number;
}

interface Row {
  readonly build: number;
  readonly status: string;
  readonly position: number;
  readonly fingerprint: string;
  readonly tables: string;
  readonly failure: string | null;
  readonly begun_at: string;
}

const columns = 'build, status, position, fingerprint, tables, failure, begun_at';

/** Makes the table that says where read models stand, or what an older Carillon made into that. */
export function createBuildTable(db: Sqlite): void {
  const create = `CREATE TABLE IF NOT EXISTS carillon_read_models (
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    build INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('building', 'serving', 'replaced')),
    position INTEGER NOT NULL,
    fingerprint TEXT NOT NULL,
    tables TEXT NOT NULL,
    failure TEXT,
    begun_at TEXT NOT NULL,
    PRIMARY KEY (name, version, build)
  ) STRICT, WITHOUT ROWID`;
  if (!isOlder(db)) {
    db.exec(create);
    return;
  }
  db.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster.
    if (isOlder(db)) {
      db.exec('ALTER TABLE carillon_read_models RENAME TO carillon_read_models_before');
      db.exec(create);
      db.exec(`INSERT INTO carillon_read_models (name, version, ${columns})
        SELECT name, version, 1, 'serving', position, fingerprint, tables, failure, '1970-01-01T00:00:00.000Z'
        FROM carillon_read_models_before`);
      db.exec('DROP TABLE carillon_read_models_before');
    }
    db.exec('COMMIT');
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/** Whether there is one row for each version, as before tables were built beside those that serve. */
function isOlder(db: Sqlite): boolean {
  const names = db.prepare("SELECT name FROM pragma_table_info('carillon_read_models')").pluck().all() as string[];
  return names.length > 0 && !names.includes('build');
}

/** Where read models stand, as one connection reads it. */
export class BuildReader {
  readonly #all: SqliteStatement;

  constructor(db: Sqlite) {
    this.#all = db.prepare(`SELECT ${columns} FROM carillon_read_models WHERE name = ? AND version = ? ORDER BY build`);
  }

  builds({ name, version }: Which): SqliteBuild[] {
    return (this.#all.all(name, version) as Row[]).map(toBuild);
  }
}

/** The same for whoever moves them. */
export class BuildTable extends BuildReader {
  readonly #db: Sqlite;
  readonly #move: SqliteStatement;
  readonly #change: SqliteStatement;
  readonly #fail: SqliteStatement;
  readonly #insert: SqliteStatement;
  readonly #remove: SqliteStatement;

  constructor(db: Sqlite) {
    super(db);
    this.#db = db;
    const which = 'WHERE name = ? AND version = ? AND build = ?';
    this.#move = db.prepare(`UPDATE carillon_read_models SET position = ? ${which}`);
    this.#change = db.prepare(`UPDATE carillon_read_models SET status = ? ${which}`);
    this.#fail = db.prepare(`UPDATE carillon_read_models SET failure = ? ${which}`);
    this.#insert = db.prepare(
      `INSERT INTO carillon_read_models (name, version, ${columns}) VALUES (?, ?, ?, 'building', 0, ?, ?, NULL, ?)`,
    );
    this.#remove = db.prepare(`DELETE FROM carillon_read_models ${which}`);
  }

  move({ name, version }: Which, build: number, position: number): void {
    this.#move.run(position, name, version, build);
  }

  change({ name, version }: Which, build: number, status: BuildStatus): void {
    this.#change.run(status, name, version, build);
  }

  fail({ name, version }: Which, build: number, failure: ReadModelFailure | undefined): void {
    this.#fail.run(failure === undefined ? null : JSON.stringify(failure), name, version, build);
  }

  insert({ name, version }: Which, build: number, fingerprint: string, tables: readonly string[]): void {
    this.#insert.run(name, version, build, fingerprint, JSON.stringify(tables), new Date().toISOString());
  }

  remove({ name, version }: Which, build: number): void {
    this.#remove.run(name, version, build);
  }

  /** Every version of every read model, with its builds. */
  versions(): readonly { readonly which: Which; readonly builds: readonly SqliteBuild[] }[] {
    const all = this.#db
      .prepare('SELECT DISTINCT name, version FROM carillon_read_models ORDER BY name, version')
      .all();
    return (all as Which[]).map((which) => ({ which, builds: this.builds(which) }));
  }
}

function toBuild({ build, status, position, fingerprint, tables, failure, begun_at }: Row): SqliteBuild {
  return {
    build,
    status: status as BuildStatus,
    position,
    fingerprint,
    tables: JSON.parse(tables) as string[],
    failure: failure === null ? undefined : (JSON.parse(failure) as ReadModelFailure),
    begunAt: begun_at,
  };
}
