import type { Sqlite } from '../../sqlite/driver.js';
import { eventIdSql, type LogSeeds, newLogSeeds } from '../event-id.js';
import { LogOpenError } from '../log-errors.js';

/** "Clog" in ASCII: what the tool `file` and others tell a log by. */
const applicationId = 0x436c6f67;

/** Raised when the tables change. */
const schemaVersion = 1;

const tables = `
  CREATE TABLE log_settings (name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;

  -- One row for each type and version of events: events name it by number.
  CREATE TABLE event_kinds (
    id INTEGER PRIMARY KEY,
    type TEXT NOT NULL,
    version INTEGER NOT NULL,
    UNIQUE (type, version)
  ) STRICT;

  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,        -- event_kinds.id
    recorded_at INTEGER NOT NULL, -- milliseconds since 1970
    given_id TEXT,                -- NULL: the id follows from log, time and position
    tags TEXT NOT NULL,           -- JSON list of texts
    data TEXT NOT NULL,           -- JSON
    metadata TEXT                 -- JSON; NULL: none
  ) STRICT;

  -- The index of tags and types, in immutable parts: see segment.ts and posting-page.ts.
  CREATE TABLE index_segments (
    id INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    level INTEGER NOT NULL,
    fences BLOB NOT NULL,
    filter BLOB
  ) STRICT;
  CREATE TABLE index_pages (page INTEGER PRIMARY KEY, postings BLOB NOT NULL) STRICT;
`;

/** The log as people want to see it: \`SELECT * FROM event_log\` in any SQLite tool. */
function view(idSeed: string): string {
  return `
    CREATE VIEW event_log AS
    SELECT
      position,
      type,
      version,
      coalesce(given_id, ${eventIdSql(idSeed)}) AS id,
      strftime('%Y-%m-%dT%H:%M:%fZ', recorded_at / 1000.0, 'unixepoch') AS recorded_at,
      tags,
      data,
      coalesce(metadata, '{}') AS metadata
    FROM events JOIN event_kinds ON event_kinds.id = events.kind`;
}

/**
 * Makes the tables in a new file; checks that an old one is a log of this version.
 *
 * @throws LogOpenError when it is not
 */
export function prepareSchema(db: Sqlite, file: string): LogSeeds {
  const objects = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (objects === 0) createSchema(db, file);
  return checkSchema(db, file);
}

/**
 * Reads what a reader needs to know of a log.
 *
 * @throws LogOpenError when the file is no log of this version
 */
export function checkSchema(db: Sqlite, file: string): LogSeeds {
  if (db.pragma('application_id', { simple: true }) !== applicationId) {
    throw new LogOpenError(`${file} is no Carillon log: something else was stored there. Choose another folder.`);
  }
  const version = db.pragma('user_version', { simple: true });
  if (version !== schemaVersion) {
    throw new LogOpenError(
      `${file} was written by another version of Carillon (its schema is ${String(version)}, this one's is ` +
        `${schemaVersion}). Use the version that wrote it, or a newer one.`,
    );
  }
  const setting = db.prepare('SELECT value FROM log_settings WHERE name = ?').pluck();
  return { idSeed: setting.get('id_seed') as string, hashSeed: setting.get('hash_seed') as number };
}

function createSchema(db: Sqlite, file: string): void {
  // Before the first table: these two cannot be changed afterwards. An index page and a leaf of events are 8 KiB.
  db.pragma('page_size = 8192');
  const journal = db.pragma('journal_mode = WAL', { simple: true });
  if (journal !== 'wal') {
    throw new LogOpenError(
      `${file} cannot have a write-ahead log (its journal is ${String(journal)}). Choose a folder on a local disk.`,
    );
  }
  const { idSeed, hashSeed } = newLogSeeds();
  db.transaction(() => {
    db.exec(tables);
    db.exec(view(idSeed));
    const insert = db.prepare('INSERT INTO log_settings (name, value) VALUES (?, ?)');
    insert.run('id_seed', idSeed);
    insert.run('hash_seed', hashSeed);
    db.pragma(`application_id = ${applicationId}`);
    db.pragma(`user_version = ${schemaVersion}`);
  }).immediate();
}
