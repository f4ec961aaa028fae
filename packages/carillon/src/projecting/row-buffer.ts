import type { TableDefinition } from '../definitions/table.js';
import type { ReadModelTransaction, StoredRow, TableChanges } from '../read-database/read-database.js';
import { ProjectionError } from './projection-errors.js';
import { changeRow, completeRow, keyText, keyValues } from './row-check.js';

type Change = StoredRow | ((row: StoredRow) => StoredRow);
type Operation = (row: StoredRow | undefined) => StoredRow | undefined;

/** A row as the handlers have changed it so far. */
interface Entry {
  readonly key: readonly unknown[];
  /** Whether the database has the row: `unknown` until it is loaded, `assumed-not` while only its insertion will tell. */
  stored: boolean | 'unknown' | 'assumed-not';
  row: StoredRow | undefined;
  /** What is to be done as soon as the row is known. */
  waiting: Operation[];
  changed: boolean;
}

/**
 * One table of a read model during a batch: gathers what handlers do, by key, loads the rows they need in one go, and comes to the net
 * effect. Knows no database.
 */
export class RowBuffer {
  readonly #name: string;
  readonly #table: TableDefinition;
  readonly #entries = new Map<string, Entry>();
  #unloaded: Entry[] = [];

  constructor(name: string, table: TableDefinition) {
    this.#name = name;
    this.#table = table;
  }

  insert(given: StoredRow): void {
    const row = completeRow(this.#name, this.#table, given);
    const key = keyValues(this.#name, this.#table, row);
    const text = keyText(key);
    if (!this.#entries.has(text)) {
      // The database refuses the insertion if the row is there: nothing needs to be loaded.
      this.#entries.set(text, { key, stored: 'assumed-not', row, waiting: [], changed: true });
      return;
    }
    this.#apply(this.#entries.get(text)!, (existing) => {
      if (existing !== undefined) throw this.#exists(key);
      return row;
    });
  }

  upsert(given: StoredRow): void {
    const row = completeRow(this.#name, this.#table, given);
    const key = keyValues(this.#name, this.#table, row);
    const text = keyText(key);
    const entry = this.#entries.get(text);
    if (entry === undefined) this.#entries.set(text, { key, stored: true, row, waiting: [], changed: true });
    else this.#apply(entry, () => row);
  }

  update(givenKey: unknown, change: Change, orElse?: StoredRow): void {
    const key = keyValues(this.#name, this.#table, givenKey);
    const otherwise = orElse === undefined ? undefined : completeRow(this.#name, this.#table, orElse);
    this.#apply(this.#entry(key), (row) => {
      if (row !== undefined) return this.#change(row, change);
      if (otherwise !== undefined) return otherwise;
      throw new ProjectionError(this.#name, `there is no row with the key ${JSON.stringify(key)} to update.`);
    });
  }

  delete(givenKey: unknown): void {
    this.#apply(this.#entry(keyValues(this.#name, this.#table, givenKey)), () => undefined);
  }

  /** The row as it is now, everything before included. */
  async get(givenKey: unknown, transaction: ReadModelTransaction): Promise<StoredRow | undefined> {
    const entry = this.#entry(keyValues(this.#name, this.#table, givenKey));
    if (entry.stored === 'unknown') await this.load(transaction);
    return entry.row === undefined ? undefined : structuredClone(entry.row);
  }

  /** The rows that the database has with these values. What was gathered must be written before. */
  async find(where: StoredRow, limit: number, transaction: ReadModelTransaction): Promise<StoredRow[]> {
    for (const column in where) {
      if (this.#table.columns[column] === undefined) {
        throw new ProjectionError(this.#name, `there is no column "${column}".`);
      }
    }
    return [...(await transaction.find(this.#name, where, limit))];
  }

  keyOf(row: StoredRow): unknown {
    return this.#table.key.length === 1 ? row[this.#table.key[0]!] : row;
  }

  /** Loads what is needed and does what waits for it. */
  load(transaction: ReadModelTransaction): void | Promise<void> {
    if (this.#unloaded.length === 0) return;
    const entries = this.#unloaded;
    this.#unloaded = [];
    const rows = transaction.load(
      this.#name,
      entries.map((entry) => entry.key),
    );
    const settle = (loaded: readonly StoredRow[]): void => {
      for (const row of loaded) {
        const entry = this.#entries.get(keyText(keyValues(this.#name, this.#table, row)))!;
        entry.row = row;
        entry.stored = true;
      }
      for (const entry of entries) {
        if (entry.stored === 'unknown') entry.stored = false;
        const operations = entry.waiting;
        entry.waiting = [];
        for (const operation of operations) this.#apply(entry, operation);
      }
    };
    return rows instanceof Promise ? rows.then(settle) : settle(rows as readonly StoredRow[]);
  }

  /** The net effect, once everything is loaded. Afterwards the buffer is empty. */
  takeChanges(): TableChanges | undefined {
    const inserts: StoredRow[] = [];
    const upserts: StoredRow[] = [];
    const deletes: (readonly unknown[])[] = [];
    for (const { key, row, stored, changed } of this.#entries.values()) {
      if (!changed) continue;
      if (row === undefined) {
        if (stored !== false) deletes.push(key);
      } else if (stored === true) upserts.push(row);
      else inserts.push(row);
    }
    this.#entries.clear();
    if (inserts.length + upserts.length + deletes.length === 0) return undefined;
    return { table: this.#name, inserts, upserts, deletes };
  }

  #entry(key: readonly unknown[]): Entry {
    const text = keyText(key);
    let entry = this.#entries.get(text);
    if (entry === undefined) {
      entry = { key, stored: 'unknown', row: undefined, waiting: [], changed: false };
      this.#entries.set(text, entry);
      this.#unloaded.push(entry);
    }
    return entry;
  }

  #apply(entry: Entry, operation: Operation): void {
    if (entry.stored === 'unknown') {
      entry.waiting.push(operation);
      return;
    }
    entry.row = operation(entry.row);
    entry.changed = true;
  }

  #change(row: StoredRow, change: Change): StoredRow {
    return changeRow(this.#name, this.#table, row, typeof change === 'function' ? change(row) : change);
  }

  #exists(key: readonly unknown[]): ProjectionError {
    return new ProjectionError(this.#name, `a row with the key ${JSON.stringify(key)} is there already: use upsert to replace it.`);
  }
}
