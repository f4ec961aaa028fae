import type { QueryDatabase, ReadModelDefinition, TableDefinition } from 'carillon';
import { isSearchable, QueryRefusedError, tablesOf } from 'carillon/adapters';
import { type Kysely, sql } from 'kysely';
import { quoted } from '../connection/schema-name.js';
import { type CompiledReadModel, postgresKysely } from './postgres-kysely.js';
import type { KnownTables, QuerySession } from './query-session.js';
import { SearchTerm } from './search-term.js';
import { physicalTable, searchKeyColumn, searchTable } from './table-ddl.js';
import { weightClasses } from './word-vector.js';

type AnyReadModel = ReadModelDefinition<string, any>;

/** The tables of one build of a read model as queries see them. */
export class QueryTables {
  readonly build: number;
  /** By what they are called in the database. */
  readonly known: KnownTables;
  readonly #readModel: AnyReadModel;
  readonly #compiled: CompiledReadModel;

  constructor(schema: string, readModel: AnyReadModel, build: number) {
    const tables = tablesOf(readModel);
    const { name: readModelName, version } = readModel;
    const physical = (table: string) => physicalTable({ name: readModelName, version, build }, table);
    this.build = build;
    this.#readModel = readModel;
    this.known = new Map(
      tables.map(([name, { columns }]) => {
        const kinds = new Map(Object.entries(columns).map(([column, { kind }]) => [column, kind]));
        return [physical(name), { name, columns: [...kinds.values()], kinds }];
      }),
    );
    const columns = tables.flatMap(([, table]) => Object.entries(table.columns));
    const nullable = new Set(columns.filter(([, { isNullable }]) => isNullable).map(([name]) => name));
    this.#compiled = {
      schema,
      physical,
      neverNull: new Set(columns.map(([name]) => name).filter((name) => !nullable.has(name))),
    };
  }

  /** What a query gets: the selecting half of Kysely, and `search`. */
  database(session: QuerySession): QueryDatabase<any> {
    const kysely = postgresKysely(this.#compiled, (query) => session.all(query));
    return {
      selectFrom: kysely.selectFrom.bind(kysely),
      selectNoFrom: kysely.selectNoFrom.bind(kysely),
      with: kysely.with.bind(kysely),
      withRecursive: kysely.withRecursive.bind(kysely),
      fn: kysely.fn,
      dynamic: kysely.dynamic,
      search: (table: string, text: string) => this.#search(kysely, table, text),
    } as unknown as QueryDatabase<any>;
  }

  #search(kysely: Kysely<any>, table: string, text: string): unknown {
    const definition = (this.#readModel.tables as { readonly [name: string]: TableDefinition })[table];
    if (definition === undefined || !isSearchable(definition)) {
      throw new QueryRefusedError(
        `Table ${table} of read model ${this.#readModel.name} cannot be searched: declare its columns as search.`,
      );
    }
    const physical = this.#compiled.physical(table);
    const term = new SearchTerm(this.#compiled.schema, physical, text);
    if (!term.hasWords) {
      const none = sql<{ relevance: number }>`(select 0::double precision as relevance)`;
      return kysely.selectFrom(table).innerJoin(none.as('ranking'), (join) => join.onTrue());
    }
    const found = sql.raw(`${quoted(this.#compiled.schema)}.${quoted(searchTable(physical))}`);
    const keys = sql.raw(definition.key.map((_, i) => quoted(searchKeyColumn(i))).join(', '));
    // Of the weights of ts_rank, the heaviest comes last; 1 puts words in short texts before the same words in long ones.
    const weights = sql.raw(`'{${weightClasses(Object.values(definition.search)).values.toReversed().join(',')}}'`);
    const ranked = sql`ts_rank(${weights}, words, query, 1)::double precision`;
    const ranking = sql<any>`(select ${keys}, ${ranked} as relevance from ${found}, (select ${term} as query) as q where words @@ query)`;
    return kysely
      .selectFrom(table)
      .innerJoin(ranking.as('ranking'), (join) =>
        definition.key.reduce(
          (joined, column, i) => joined.onRef(`ranking.${searchKeyColumn(i)}`, '=', `${table}.${column}`),
          join as any,
        ),
      );
  }
}
