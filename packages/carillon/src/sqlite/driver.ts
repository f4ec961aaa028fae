import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { CarillonError } from '../definitions/errors.js';

/** An open SQLite database. */
export type Sqlite = BetterSqlite3.Database;

/** A prepared statement. */
export type SqliteStatement = BetterSqlite3.Statement;

type Driver = typeof BetterSqlite3;

let driver: Driver | undefined;

/**
 * Opens a SQLite database file.
 *
 * better-sqlite3 13 needs Node-API 10 (Node 22.14 and newer) and crashes the process without it; Node 20 gets
 * version 12, which is installed beside it as `better-sqlite3-node20`.
 *
 * @throws CarillonError `sqlite-unavailable` when no driver fits this Node
 */
export function openSqlite(file: string, options?: BetterSqlite3.Options): Sqlite {
  driver ??= loadDriver();
  return new driver(file, options);
}

function loadDriver(): Driver {
  const name = Number(process.versions['napi'] ?? 0) >= 10 ? 'better-sqlite3' : 'better-sqlite3-node20';
  try {
    const loaded = createRequire(import.meta.url)(name) as Driver;
    // The native part is loaded by the first open, so that a binary of another Node is noticed here.
    new loaded(':memory:').close();
    return loaded;
  } catch (cause) {
    throw new CarillonError(
      'sqlite-unavailable',
      `SQLite cannot be loaded on Node ${process.versions.node}: run "npm rebuild ${name}" with this Node ` +
        '(on Node 20 it is compiled, which needs python3, make and a C++ compiler).',
      { cause },
    );
  }
}
