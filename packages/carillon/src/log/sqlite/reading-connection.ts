import { openSqlite, type Sqlite } from '../../sqlite/driver.js';

/** As much of the file as SQLite maps at most. */
const mmapBytes = 2_147_418_112;

/** Opens a connection that cannot write. It maps pages rather than copying them: every commit empties its cache. */
export function openForReading(file: string): Sqlite {
  const db = openSqlite(file, { readonly: true });
  db.pragma(`mmap_size = ${mmapBytes}`);
  return db;
}
