import { boolean, integer, json, real, text } from '../definitions/column.js';
import { readModel } from '../definitions/read-model.js';
import { table } from '../definitions/table.js';
import type { StoredRow, TableChanges } from '../read-database/read-database.js';

/** A table with a column of each kind, each once with and once without null. */
const things = table({
  columns: {
    id: text(),
    count: integer(),
    share: real(),
    isNew: boolean(),
    list: json<unknown>(),
    note: text().nullable(),
    rank: integer().nullable(),
    ratio: real().nullable(),
    isOld: boolean().nullable(),
    extra: json<unknown>().nullable(),
  },
  key: 'id',
  indexes: ['count', ['note', 'rank']],
});

/** A table with a key of every type that a key may have. */
const parts = table({
  columns: { name: text(), number: integer(), isLeft: boolean(), value: text() },
  key: ['name', 'number', 'isLeft'],
});

/** A table that can be searched. Its columns are called what search engines call theirs. */
const books = table({
  columns: { id: text(), title: text(), authors: json<string[]>(), rank: text().nullable(), copies: integer() },
  key: 'id',
  indexes: ['copies'],
  search: { title: 3, authors: 1, rank: 1 },
});

/** A table that can be searched, with a number for a key. */
const notes = table({ columns: { rowid: integer(), text: text() }, key: 'rowid', search: { text: 1 } });

/** The read model that the cases write and read. */
export const sample = readModel('Sample.read-model', { tables: { things, parts, books, notes } });

/** The same name and version, with other tables. */
export const changedSample = readModel('Sample.read-model', {
  tables: { things: table({ columns: { id: text(), count: real() }, key: 'id' }), parts, books, notes },
});

/** Its next version. */
export const nextSample = readModel('Sample.read-model', { version: 2, tables: { things, parts } });

/** Another read model, whose names could be mistaken for the sample's. */
export const similarSample = readModel('sample_read_model', { tables: { things, books_search: parts } });

/** A row of `things`. */
export function thing(id: string, values: StoredRow = {}): StoredRow {
  const nothing = { note: null, rank: null, ratio: null, isOld: null, extra: null };
  return { id, count: 0, share: 0.5, isNew: false, list: '[]', ...nothing, ...values };
}

/** A row of `books`. */
export function book(id: string, title: string, authors: readonly string[] = [], copies = 0): StoredRow {
  return { id, title, authors: JSON.stringify(authors), rank: null, copies };
}

/** What happens to one table. */
export function changesTo(table: string, changes: Partial<TableChanges>): TableChanges {
  return { table, inserts: [], upserts: [], updates: [], deletes: [], ...changes };
}
