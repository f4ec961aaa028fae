import { createHash } from 'node:crypto';
import type { ReadModelDefinition } from '../definitions/read-model.js';
import type { TableDefinition } from '../definitions/table.js';

/** The name under which a version of a read model keeps its tables: a schema on PostgreSQL, a prefix on SQLite. */
export function physicalSchema(readModel: ReadModelDefinition<string, any>): string {
  // Names may hold "-" and ".", which read badly in SQL; what is replaced is told apart by a short hash.
  const plain = readModel.name.replaceAll(/[^A-Za-z0-9]/g, '_');
  const suffix =
    plain === readModel.name ? '' : `_${createHash('sha256').update(readModel.name).digest('hex').slice(0, 6)}`;
  return `${plain}${suffix}_v${readModel.version}`;
}

/** The same for the same tables: tells whether a version's declaration has changed. */
export function tablesFingerprint(readModel: ReadModelDefinition<string, any>): string {
  const tables = tablesOf(readModel).map(([name, table]) => ({
    name,
    key: table.key,
    indexes: table.indexes,
    search: table.search,
    columns: Object.entries(table.columns).map(([column, { kind, isNullable }]) => [column, kind, isNullable]),
  }));
  return createHash('sha256').update(JSON.stringify(tables)).digest('hex').slice(0, 16);
}

/** A read model's tables by their declared names. */
export function tablesOf(readModel: ReadModelDefinition<string, any>): [name: string, table: TableDefinition][] {
  return Object.entries(readModel.tables as { readonly [name: string]: TableDefinition });
}
