import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type QueryResult,
  type SchemableIdentifierNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { QueryRefusedError } from '../read-database-errors.js';
import type { StatementCache } from './statement-cache.js';

/** Kysely over a connection that the caller owns. It selects, and nothing else: there are no transactions to begin. */
export function sqliteKysely(statements: StatementCache): Kysely<any> {
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SnapshotDriver(statements),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new PrefixingCompiler(),
  };
  return new Kysely({ dialect });
}

/** A schema is a prefix on SQLite: `catalogue_v1.titles` is the table `catalogue_v1_titles`. */
class PrefixingCompiler extends SqliteQueryCompiler {
  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    const { schema, identifier } = node;
    this.append(this.getLeftIdentifierWrapper());
    this.append(this.sanitizeIdentifier(schema === undefined ? identifier.name : `${schema.name}_${identifier.name}`));
    this.append(this.getRightIdentifierWrapper());
  }
}

class SnapshotDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(statements: StatementCache) {
    this.#connection = {
      async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: statements.all(sql, parameters) as R[] };
      },
      // biome-ignore lint/correctness/useYield: a stream would outlive the snapshot, so there is none
      async *streamQuery() {
        throw new QueryRefusedError('A query cannot stream rows: read them with execute(), a page at a time.');
      },
    };
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection;
  }
  async init(): Promise<void> {}
  async beginTransaction(): Promise<void> {}
  async commitTransaction(): Promise<void> {}
  async rollbackTransaction(): Promise<void> {}
  async releaseConnection(): Promise<void> {}
  async destroy(): Promise<void> {}
}
