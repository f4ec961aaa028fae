import { createHash } from 'node:crypto';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { TableDefinition } from '../definitions/table.js';

/** Which tables: a version of a read model, and the how manieth build of it. Default: the first. */
export interface BuildName extends Pick<ReadModelDefinition<string, any>, 'name' | 'version'> {
  readonly build?: number;
}

/**
 * The name under which a build of a read model keeps its tables: a prefix, `catalogue_v1` for the first and `catalogue_v1r2` for the
 * second. Different for different read models, in databases where upper and lower case are the same, too.
 */
export function physicalSchema({ name, version, build = 1 }: BuildName): string {
  const suffix = build === 1 ? `_v${version}` : `_v${version}r${build}`;
  if (/^(?!sqlite_)[a-z][a-z0-9_]*$/.test(name) && !/_v\d/.test(name)) return `${name}${suffix}`;
  // What reads badly in SQL is replaced, and told apart by a short hash.
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '_')
    .replace(/^sqlite_/, 'x_sqlite_');
  return `${plain}_${createHash('sha256').update(name).digest('hex').slice(0, 6)}${suffix}`;
}

const fingerprints = new WeakMap<object, string>();

/** The same for the same tables: tells whether a version's declaration has changed. */
export function tablesFingerprint(readModel: ReadModelDefinition<string, any>): string {
  let fingerprint = fingerprints.get(readModel);
  if (fingerprint === undefined) fingerprints.set(readModel, (fingerprint = hashOfTables(readModel)));
  return fingerprint;
}

function hashOfTables(readModel: ReadModelDefinition<string, any>): string {
  const tables = tablesOf(readModel).map(([name, table]) => ({
    name,
    key: table.key,
    indexes: table.indexes,
    search: table.search,
    columns: Object.entries(table.columns).map(([column, { kind, isNullable, defaultValue }]) => [
      column,
      kind,
      isNullable,
      defaultValue ?? null,
    ]),
  }));
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}

/** A read model's tables by their declared names. */
export function tablesOf(readModel: ReadModelDefinition<string, any>): [name: string, table: TableDefinition][] {
  return Object.entries(readModel.tables as { readonly [name: string]: TableDefinition });
}

/** Whether a table has full-text search. */
export function isSearchable(table: TableDefinition): boolean {
  return Object.keys(table.search).length > 0;
}
