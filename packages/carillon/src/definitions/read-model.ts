import { DefinitionError } from './errors.js';
import type { DataOf, EventDefinition, RecordedEvent } from './event.js';
import { checkName, checkVersion } from './name.js';
import type { Columns, NewRow, Row, RowKey, TableDefinition } from './table.js';

/** A read model's tables by name. */
export type Tables = { readonly [name: string]: TableDefinition<any, any> };

/** New values for some columns of a row, or a pure function that makes them from the row as it is. */
export type Change<R> = Partial<R> | ((row: R) => Partial<R>);

/** Values that rows must equal to be meant, all of them. Without any value every row is meant; `undefined` is refused. */
export type Where<R> = Partial<R>;

/**
 * A table as an event handler writes it.
 *
 * Whatever is called takes effect in the order of the calls, awaited or not. Writes by key are gathered, and applied in bulk with the
 * checkpoint in one transaction. Reads see every write before them.
 */
export interface TableWriter<C extends Columns, Key extends keyof C & string> {
  /** Adds a row. The projection fails if one with that key exists. */
  insert(row: NewRow<C>): void;
  /** Adds a row, or replaces the one with that key: as a whole, so that columns that are left out get their defaults. */
  upsert(row: NewRow<C>): void;
  /**
   * Changes the row with that key. The projection fails if there is none, unless it is given the row to insert then, as it is:
   * `orElse`. Columns of the key cannot be changed.
   */
  update(key: RowKey<C, Key>, change: Change<Row<C>>, orElse?: NewRow<C>): void;
  /** Removes the row with that key, if there is one. */
  delete(key: RowKey<C, Key>): void;
  /** Changes every row that has these values. Slower than `update`: it looks at the database. */
  updateWhere(where: Where<Row<C>>, change: Change<Row<C>>): Promise<void>;
  /** Removes every row that has these values. */
  deleteWhere(where: Where<Row<C>>): Promise<void>;
  /** The row with that key. */
  get(key: RowKey<C, Key>): Promise<Row<C> | undefined>;
  /** The rows that have these values, in the order of their keys; at most `limit` (default 1,000, at most 10,000). */
  find(where: Where<Row<C>>, options?: { readonly limit?: number }): Promise<Row<C>[]>;
}

/** The tables of a read model as an event handler writes them. */
export type TableWriters<T extends Tables> = {
  readonly [Name in keyof T]: T[Name] extends TableDefinition<infer C, infer Key> ? TableWriter<C, Key> : never;
};

/** What an event does to a read model. It may read and write the model's tables and nothing else. */
export type Handler = (data: any, tables: any, event: RecordedEvent<any, any>) => void | Promise<void>;

/**
 * Tables derived from events. Disposable: always rebuildable from the log.
 *
 * The third type parameter names the events that it handles.
 */
export interface ReadModelDefinition<
  Name extends string = string,
  T extends Tables = Tables,
  Handled extends string = string,
> {
  readonly kind: 'read-model';
  readonly name: Name;
  /** Raise it when tables or handlers change: the new version is then built from the log. */
  readonly version: number;
  readonly tables: T;
  readonly description: string | undefined;
  readonly handlers: ReadonlyMap<string, Handler>;
  /** Says what an event does to the tables. Returns a new definition; this one stays as it is. */
  on<Event extends EventDefinition>(
    event: Event,
    handler: (
      data: DataOf<Event>,
      tables: TableWriters<T>,
      event: RecordedEvent<Event['type'], DataOf<Event>>,
    ) => void | Promise<void>,
  ): ReadModelDefinition<Name, T, Handled | Event['type']>;
  /** Only for the compiler: which events it handles. */
  readonly '~handles'?: Handled;
}

/** What `readModel()` takes besides the name. */
export interface ReadModelOptions<T extends Tables> {
  /** From 1. Raise it when tables or handlers change. */
  readonly version?: number;
  readonly description?: string;
  readonly tables: T;
}

/**
 * Defines a read model: tables, and what each event does to them.
 *
 * ```ts
 * export const catalogue = readModel('catalogue', { tables: { titles } })
 *   .on(TitleAdded, (e, db) => db.titles.insert({ ...e, copies: 0, available: 0 }))
 *   .on(CopyBorrowed, (e, db) => db.titles.update(e.titleId, (t) => ({ available: t.available - 1 })));
 * ```
 *
 * @throws DefinitionError when the name, version or a table's name is unusable
 */
export function readModel<const Name extends string, T extends Tables>(
  name: Name,
  options: ReadModelOptions<T>,
): ReadModelDefinition<Name, T, never> {
  checkName('a read model', name);
  const version = options.version ?? 1;
  checkVersion('read model', name, version);
  const tableNames = Object.keys(options.tables);
  if (tableNames.length === 0) throw new DefinitionError(`Read model ${name} has no tables.`);
  if (Object.keys(options.tables['ranking']?.search ?? {}).length > 0) {
    throw new DefinitionError(
      `"ranking" cannot be searched: it is what a search joins. Call the table something else.`,
    );
  }
  for (const tableName of tableNames) {
    if (/^[A-Za-z][A-Za-z0-9_]{0,40}$/.test(tableName)) continue;
    throw new DefinitionError(`"${tableName}" cannot be the name of a table: use up to 41 letters, digits and "_".`);
  }
  return define(name, version, options.tables, options.description, new Map());
}

function define<Name extends string, T extends Tables>(
  name: Name,
  version: number,
  tables: T,
  description: string | undefined,
  handlers: ReadonlyMap<string, Handler>,
): ReadModelDefinition<Name, T, never> {
  return Object.freeze({
    kind: 'read-model' as const,
    name,
    version,
    tables,
    description,
    handlers,
    on(event: EventDefinition, handler: Handler) {
      if (handlers.has(event.type)) throw new DefinitionError(`Read model ${name} handles ${event.type} twice.`);
      return define(name, version, tables, description, new Map(handlers).set(event.type, handler));
    },
  });
}
