import { openSqlite, type Sqlite } from '../../sqlite/driver.js';

/** A file that is written. */
export interface WritableFile {
  readonly file: string;
  /** Its largest size; undefined: as large as SQLite can. */
  readonly maxFileBytes: number | undefined;
}

/** How long a commit waits for somebody else who writes into the file, which nobody should, before it fails. */
const busyTimeoutMs = 1_000;

/** Opens a connection whose commits are fsynced. */
export function openForWriting({ file, maxFileBytes }: WritableFile): Sqlite {
  const db = openSqlite(file, { timeout: busyTimeoutMs });
  db.pragma('synchronous = FULL');
  db.pragma('journal_size_limit = 67108864');
  if (maxFileBytes !== undefined) {
    const pageBytes = db.pragma('page_size', { simple: true }) as number;
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(maxFileBytes / pageBytes))}`);
  }
  return db;
}
