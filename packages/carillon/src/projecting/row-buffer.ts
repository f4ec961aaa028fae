import type {
  ReadModelTransaction,
  RowUpdates,
  StoredKey,
  StoredRow,
  TableChanges,
} from '../read-database/read-database.js';
import { type ProjectionError, rowExists, rowMissing } from './projection-errors.js';
import type { RowIdentity, RowShape, Values } from './row-shape.js';

/** What a handler says to change: values, or a function that makes them from the row as it is. */
export type RowChange = Values | ((row: Values) => Values);

type Operation = (row: StoredRow | undefined) => StoredRow | undefined;

/** What is known of a row in the database. */
type Stored =
  /** Nothing yet: it will be loaded. */
  | 'unknown'
  /** It was loaded: `before` says what was there. */
  | 'known'
  /** It should not be there: the database says so when the row is inserted. */
  | 'expected-absent'
  /** It should be there: the database says so when it is updated with the cells in `row`, which are not all. */
  | 'expected-present'
  /** It does not matter: the row is replaced whole, or removed. */
  | 'ignored';

/** A row as the handlers have changed it so far. */
interface Entry {
  readonly key: StoredKey;
  stored: Stored;
  /** The row in the database, once it is known. */
  before: StoredRow | undefined;
  /** The row as it shall be; undefined when it shall not be there. */
  row: StoredRow | undefined;
  /** What is to be done as soon as the row is known. */
  waiting: Operation[] | undefined;
}

/**
 * One table of a read model during a batch: gathers what handlers do, by key, loads the rows they need in one go, and comes to the net
 * effect. Knows no database.
 */
export class RowBuffer {
  readonly #name: string;
  readonly #shape: RowShape;
  readonly #entries = new Map<RowIdentity, Entry>();
  #unloaded: Entry[] = [];
  #waiting = 0;

  constructor(name: string, shape: RowShape) {
    this.#name = name;
    this.#shape = shape;
  }

  /** How much is gathered: rows, and what is to be done to them. */
  get size(): number {
    return this.#entries.size + this.#waiting;
  }

  insert(given: Values): void {
    const row = this.#shape.complete(given);
    const key = this.#shape.keyOf(row);
    const identity = this.#shape.identity(key);
    const entry = this.#entries.get(identity);
    if (entry === undefined) {
      // The database refuses the insertion if the row is there: nothing needs to be loaded.
      this.#entries.set(identity, { key, stored: 'expected-absent', before: undefined, row, waiting: undefined });
    } else {
      this.#apply(entry, this.#insertion(key, row));
    }
  }

  upsert(given: Values): void {
    const row = this.#shape.complete(given);
    const key = this.#shape.keyOf(row);
    const identity = this.#shape.identity(key);
    const entry = this.#entries.get(identity);
    if (entry === undefined) {
      this.#entries.set(identity, { key, stored: 'ignored', before: undefined, row, waiting: undefined });
    } else {
      this.#apply(entry, () => row);
    }
  }

  update(givenKey: unknown, change: RowChange, orElse?: Values): void {
    const key = this.#shape.key(givenKey);
    if (typeof change !== 'function' && orElse === undefined && this.#updateUnseen(key, change)) return;
    this.#apply(this.#entry(key), (row) => {
      if (row !== undefined) return this.#change(row, change);
      if (orElse === undefined) throw this.#missing(key);
      const otherwise = this.#shape.complete(orElse);
      if (this.#shape.identity(this.#shape.keyOf(otherwise)) !== this.#shape.identity(key)) {
        throw this.#shape.problem(key, 'what to insert otherwise has another key.');
      }
      return otherwise;
    });
  }

  delete(givenKey: unknown): void {
    const key = this.#shape.key(givenKey);
    const identity = this.#shape.identity(key);
    const entry = this.#entries.get(identity);
    if (entry === undefined) {
      this.#entries.set(identity, { key, stored: 'ignored', before: undefined, row: undefined, waiting: undefined });
      return;
    }
    // With the row, its insertion would go, and with that the check: it has to be looked up after all.
    if (entry.stored === 'expected-absent') this.#lookUp(entry, this.#insertion(key, entry.row!));
    this.#apply(entry, () => undefined);
  }

  /** The row as it is now, everything before included. Comes at once where the database answers at once. */
  get(givenKey: unknown, transaction: ReadModelTransaction): Values | undefined | Promise<Values | undefined> {
    const entry = this.#entry(this.#shape.key(givenKey));
    if (entry.stored === 'expected-present') this.#lookUp(entry, this.#patch(entry.key, entry.row!));
    const now = () => (entry.row === undefined ? undefined : this.#shape.view(entry.row));
    const loading = entry.stored === 'unknown' ? this.load(transaction) : undefined;
    return loading === undefined ? now() : loading.then(now);
  }

  /** The rows that the database has with these values. What was gathered must be written before. */
  async find(where: Values, limit: number, transaction: ReadModelTransaction): Promise<Values[]> {
    let rows = transaction.find(this.#name, this.#shape.where(where), { limit });
    if (rows instanceof Promise) rows = await rows;
    return rows.map((row) => this.#shape.view(row));
  }

  /** Changes or removes (undefined) every row with these values. What was gathered must be written before. */
  async sweep(where: Values, change: RowChange | undefined, pageSize: number, transaction: ReadModelTransaction) {
    const wanted = this.#shape.where(where);
    let isChanged = false;
    // Changed rows keep their keys, so that the next page begins after the last key, whatever fits by now.
    for (let after: StoredKey | undefined; ; ) {
      let rows = transaction.find(this.#name, wanted, { limit: pageSize, after });
      if (rows instanceof Promise) rows = await rows;
      for (const row of rows) {
        const key = this.#shape.keyOf(row);
        after = key;
        const changed = change === undefined ? undefined : this.#change(row, change);
        const entry: Entry = { key, stored: 'known', before: row, row: changed, waiting: undefined };
        this.#entries.set(this.#shape.identity(key), entry);
      }
      const changes = this.takeChanges();
      if (changes !== undefined) {
        isChanged = true;
        const writing = transaction.write([changes]);
        if (writing instanceof Promise) await writing;
      }
      if (rows.length < pageSize) return isChanged;
    }
  }

  /** Loads what is needed and does what waits for it. */
  load(transaction: ReadModelTransaction): void | Promise<void> {
    if (this.#unloaded.length === 0) return;
    const entries = this.#unloaded;
    this.#unloaded = [];
    const keys = entries.map((entry) => entry.key);
    const rows = transaction.load(this.#name, keys);
    if (rows instanceof Promise) return rows.then((loaded) => this.#settle(entries, loaded));
    this.#settle(entries, rows as readonly StoredRow[]);
  }

  /** The net effect, once everything is loaded. Afterwards the buffer is empty. */
  takeChanges(): TableChanges | undefined {
    const inserts: StoredRow[] = [];
    const upserts: StoredRow[] = [];
    const deletes: StoredKey[] = [];
    const updates = new Map<readonly string[], StoredRow[]>();
    for (const { key, row, stored, before } of this.#entries.values()) {
      if (row === undefined) {
        if (stored === 'ignored' || before !== undefined) deletes.push(key);
      } else if (stored === 'ignored') {
        upserts.push(row);
      } else if (stored === 'expected-present') {
        add(updates, this.#shape.changedColumns(noCells, row), row);
      } else if (before === undefined) {
        inserts.push(row);
      } else if (before !== row) {
        add(updates, this.#shape.changedColumns(before, row), row);
      }
    }
    this.#entries.clear();
    if (inserts.length + upserts.length + deletes.length + updates.size === 0) return undefined;
    const grouped: RowUpdates[] = [...updates].map(([columns, rows]) => ({ columns, rows }));
    return { table: this.#name, inserts, upserts, updates: grouped, deletes };
  }

  #settle(entries: readonly Entry[], loaded: readonly StoredRow[]): void {
    for (const row of loaded) {
      const entry = this.#entries.get(this.#shape.identity(this.#shape.keyOf(row)))!;
      entry.before = row;
      entry.row = row;
    }
    for (const entry of entries) {
      entry.stored = 'known';
      const operations = entry.waiting;
      if (operations === undefined) continue;
      entry.waiting = undefined;
      this.#waiting -= operations.length;
      for (const operation of operations) entry.row = operation(entry.row);
    }
  }

  #entry(key: StoredKey): Entry {
    const identity = this.#shape.identity(key);
    let entry = this.#entries.get(identity);
    if (entry === undefined) {
      entry = { key, stored: 'unknown', before: undefined, row: undefined, waiting: undefined };
      this.#entries.set(identity, entry);
      this.#unloaded.push(entry);
    }
    return entry;
  }

  /** Gathers new values for a row that need not be known for that; false when there is more to it. */
  #updateUnseen(key: StoredKey, values: Values): boolean {
    const identity = this.#shape.identity(key);
    const entry = this.#entries.get(identity);
    if (entry === undefined) {
      const row = this.#shape.cells(key, values);
      this.#entries.set(identity, { key, stored: 'expected-present', before: undefined, row, waiting: undefined });
      return true;
    }
    if (entry.stored !== 'expected-present') return false;
    entry.row = { ...entry.row, ...this.#shape.cells(key, values) };
    return true;
  }

  /** Has a row loaded after all, with what was done to it waiting for that. */
  #lookUp(entry: Entry, done: Operation): void {
    entry.stored = 'unknown';
    entry.row = undefined;
    this.#unloaded.push(entry);
    this.#apply(entry, done);
  }

  #apply(entry: Entry, operation: Operation): void {
    if (entry.stored === 'expected-present') this.#lookUp(entry, this.#patch(entry.key, entry.row!));
    if (entry.stored !== 'unknown') {
      entry.row = operation(entry.row);
      return;
    }
    this.#waiting++;
    if (entry.waiting === undefined) entry.waiting = [operation];
    else entry.waiting.push(operation);
  }

  #insertion(key: StoredKey, row: StoredRow): Operation {
    return (existing) => {
      if (existing === undefined) return row;
      throw this.#shape.problem(key, rowExists);
    };
  }

  /** Writes cells over a row that must be there. */
  #patch(key: StoredKey, cells: StoredRow): Operation {
    return (row) => {
      if (row !== undefined) return { ...row, ...cells };
      throw this.#missing(key);
    };
  }

  #missing(key: StoredKey): ProjectionError {
    return this.#shape.problem(key, rowMissing);
  }

  #change(row: StoredRow, change: RowChange): StoredRow {
    const changes: unknown = typeof change === 'function' ? change(this.#shape.view(row)) : change;
    if (typeof changes === 'object' && changes !== null && !(changes instanceof Promise))
      return this.#shape.change(row, changes as Values);
    throw this.#shape.problem(
      this.#shape.keyOf(row),
      changes instanceof Promise
        ? 'the function that changes the row is asynchronous: get what it needs before, and let it return the values.'
        : 'the function that changes the row returned no object of values.',
    );
  }
}

const noCells: StoredRow = Object.freeze({});

function add(updates: Map<readonly string[], StoredRow[]>, columns: readonly string[], row: StoredRow): void {
  const rows = updates.get(columns);
  if (rows !== undefined) rows.push(row);
  else if (columns.length > 0) updates.set(columns, [row]);
}
