import type { TableDefinition } from '../definitions/table.js';
import type { Cell, StoredKey, StoredRow } from '../read-database/read-database.js';
import { type ToCell, toCellOf, UnfitValueError } from './cell.js';
import { ParsedJson } from './parsed-json.js';
import { ProjectionError } from './projection-errors.js';

/** Values by column name, as handlers write and see them. */
export type Values = { readonly [column: string]: unknown };

/** The same for equal keys of one table. */
export type RowIdentity = string | number | boolean;

interface ShapeColumn {
  readonly name: string;
  readonly isKey: boolean;
  readonly isJson: boolean;
  /** Its part of a set of columns, where the table is narrow enough for that. */
  readonly bit: number;
  readonly toCell: ToCell;
  readonly defaultValue: unknown;
}

/** How many columns a set of columns holds as the bits of one number. */
const maxBits = 30;

/** How many sets of columns that change together are remembered. */
const maxColumnSets = 1_000;

/** What the rows of a table look like: checks what handlers give, and makes stored rows of it and back. */
export class RowShape {
  readonly #readModel: string;
  readonly #table: string;
  readonly #columns: readonly ShapeColumn[];
  readonly #byName: ReadonlyMap<string, ShapeColumn>;
  readonly #json: readonly string[];
  readonly #key: readonly ShapeColumn[];
  readonly #parsed = new ParsedJson();
  readonly #changedColumns = new Map<number | string, readonly string[]>();

  constructor(readModel: string, table: string, definition: TableDefinition) {
    this.#readModel = readModel;
    this.#table = table;
    this.#columns = Object.entries(definition.columns).map(([name, column], index) => ({
      name,
      isKey: definition.key.includes(name),
      isJson: column.kind === 'json',
      bit: 1 << index,
      toCell: toCellOf(name, column),
      defaultValue: column.defaultValue,
    }));
    this.#byName = new Map(this.#columns.map((column) => [column.name, column]));
    this.#json = this.#columns.filter(({ isJson }) => isJson).map(({ name }) => name);
    this.#key = definition.key.map((name) => this.#byName.get(name)!);
  }

  /** A whole row, completed with its defaults. @throws ProjectionError */
  complete(given: Values): StoredRow {
    const row: { [column: string]: Cell } = {};
    try {
      for (const { name, toCell, defaultValue } of this.#columns) {
        const value = given[name];
        row[name] = toCell(value === undefined ? defaultValue : value);
      }
      for (const name in given) if (!this.#byName.has(name)) throw noColumn(name);
    } catch (error) {
      throw this.#explain(error, this.#key.length === 1 ? given[this.#key[0]!.name] : undefined);
    }
    return row;
  }

  /** A row with some values changed; the same row when none is. @throws ProjectionError */
  change(row: StoredRow, changes: Values): StoredRow {
    let changed: { [column: string]: Cell } | undefined;
    try {
      for (const name in changes) {
        const value = changes[name];
        if (value === undefined) continue;
        const column = this.#byName.get(name);
        if (column === undefined) throw noColumn(name);
        const cell = column.toCell(value);
        if (cell === row[name]) continue;
        if (column.isKey) {
          throw new UnfitValueError(`"${name}" is part of the key: delete the row and insert another.`);
        }
        changed ??= { ...row };
        changed[name] = cell;
      }
    } catch (error) {
      throw this.#explain(error, this.keyOf(row));
    }
    return changed ?? row;
  }

  /** The row as handlers see it: a copy, in which what JSON columns hold is shared and cannot be changed. */
  view(row: StoredRow): Values {
    const view: { [column: string]: unknown } = { ...row };
    for (const name of this.#json) {
      const cell = row[name];
      if (typeof cell === 'string') view[name] = this.#parsed.get(cell);
    }
    return view;
  }

  /** The key, from what handlers give: a value, or an object of several. @throws ProjectionError */
  key(given: unknown): Cell[] {
    const key = this.#key;
    try {
      const isValue = key.length === 1 && (typeof given !== 'object' || given === null);
      if (isValue) return [key[0]!.toCell(given)];
      return key.map(({ name, toCell }) => toCell((given as Values | null | undefined)?.[name]));
    } catch (error) {
      throw this.#explain(error, given);
    }
  }

  keyOf(row: StoredRow): Cell[] {
    return this.#key.map(({ name }) => row[name]!);
  }

  identity(key: StoredKey): RowIdentity {
    return key.length === 1 ? (key[0] as RowIdentity) : JSON.stringify(key);
  }

  /** Values that rows are looked for by. @throws ProjectionError */
  where(given: Values): StoredRow {
    const where: { [column: string]: Cell } = {};
    try {
      for (const name in given) {
        const column = this.#byName.get(name);
        if (column === undefined) throw noColumn(name);
        // Left out it would mean any value: more rows would be found, changed or removed than was meant.
        if (given[name] === undefined) {
          throw new UnfitValueError(
            `"${name}" is undefined: leave it out to find rows with any value, or look for null.`,
          );
        }
        if (column.isJson) throw new UnfitValueError(`"${name}" holds json: rows cannot be found by it.`);
        where[name] = column.toCell(given[name]);
      }
    } catch (error) {
      throw this.#explain(error, undefined);
    }
    return where;
  }

  /** The key and some new values. @throws ProjectionError */
  cells(key: StoredKey, values: Values): StoredRow {
    const cells: { [column: string]: Cell } = {};
    for (let i = 0; i < key.length; i++) cells[this.#key[i]!.name] = key[i]!;
    return this.change(cells, values);
  }

  /**
   * Which columns of a row differ from what was there before, those of the key left out; the same list each time. Columns that
   * the row does not have do not count.
   */
  changedColumns(before: StoredRow, after: StoredRow): readonly string[] {
    if (this.#columns.length > maxBits) {
      const names = this.#columns.filter((column) => isChanged(column, before, after)).map(({ name }) => name);
      return this.#sameList(names.join(), () => names);
    }
    let bits = 0;
    for (const column of this.#columns) if (isChanged(column, before, after)) bits |= column.bit;
    return this.#sameList(bits, () => this.#columns.filter(({ bit }) => (bits & bit) !== 0).map(({ name }) => name));
  }

  #sameList(set: number | string, names: () => readonly string[]): readonly string[] {
    let list = this.#changedColumns.get(set);
    if (list === undefined) {
      if (this.#changedColumns.size >= maxColumnSets) this.#changedColumns.clear();
      list = names();
      this.#changedColumns.set(set, list);
    }
    return list;
  }

  /** What could not be done, and where. */
  problem(key: unknown, problem: string): ProjectionError {
    return new ProjectionError({ readModel: this.#readModel, table: this.#table, key }, problem);
  }

  #explain(error: unknown, key: unknown): unknown {
    return error instanceof UnfitValueError ? this.problem(key, error.message) : error;
  }
}

function isChanged({ name, isKey }: ShapeColumn, before: StoredRow, after: StoredRow): boolean {
  const cell = after[name];
  return !isKey && cell !== undefined && cell !== before[name];
}

function noColumn(name: string): UnfitValueError {
  return new UnfitValueError(`there is no column "${name}".`);
}
