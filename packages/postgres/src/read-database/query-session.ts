import { QueryRefusedError, ReadOnlyError, toParameter } from 'carillon/adapters';
import type { CompiledQuery } from 'kysely';
import { storableText } from './cells.js';
import type { NamedStatements } from './named-statements.js';
import { toQueryError } from './postgres-errors.js';
import { type Kinds, resultKinds } from './result-kinds.js';
import { dependsOnTable, type KnownTable, resultRows } from './result-rows.js';
import { SearchTerm } from './search-term.js';

/** The tables of one read model, by what they are called in the database. */
export type KnownTables = ReadonlyMap<string, KnownTable>;

/** What may be executed in a snapshot. Statements that write are for the database to refuse; others would end the snapshot. */
const allowed = /^[\s(]*(select|with|values|table|insert|update|delete|merge)\b/i;

/** The most parameters of a statement: https://www.postgresql.org/docs/current/limits.html */
const maxParameters = 65_535;

/** How many names of stored tables are kept. */
const maxTableNames = 10_000;

/** The selects of one query, in its snapshot. */
export class QuerySession {
  readonly #statements: NamedStatements;
  readonly #tables: KnownTables;
  readonly #tableNames: Map<number, string>;
  readonly #used = new Set<string>();
  #isOpen = true;

  /** @param tableNames what stored tables are called, by their numbers in pg_class: shared by all sessions of a database */
  constructor(statements: NamedStatements, tables: KnownTables, tableNames: Map<number, string>) {
    this.#statements = statements;
    this.#tables = tables;
    this.#tableNames = tableNames;
  }

  /** Lets no more selects in. Gives the declared names of the tables that were read. */
  close(): readonly string[] {
    this.#isOpen = false;
    return [...this.#used];
  }

  /** @throws ReadOnlyError, QueryRefusedError, ReadDatabaseError */
  async all({ sql, parameters, query }: CompiledQuery): Promise<unknown[]> {
    this.#checkOpen();
    if (!allowed.test(sql)) throw new ReadOnlyError();
    if (parameters.length > maxParameters) {
      throw new QueryRefusedError(
        `A query compares with ${parameters.length} values; PostgreSQL takes ${maxParameters}, SQLite 32766. Ask in parts.`,
      );
    }
    this.#noteTables(sql);
    const values: (string | null)[] = [];
    for (const parameter of parameters) values.push(await this.#value(parameter));
    this.#checkOpen();
    const { rows, fields } = await this.#statements.run(sql, values, (error) => toQueryError(error, sql));
    const unknown = fields.filter((field) => dependsOnTable(field) && !this.#tableNames.has(field.tableID));
    if (unknown.length > 0) await this.#nameTables(unknown.map(({ tableID }) => tableID));
    let kinds: Kinds | undefined;
    return resultRows(rows, fields, {
      tableOf: (id) => this.#tables.get(this.#tableNames.get(id) ?? ''),
      kindOf: (name) => (kinds ??= resultKinds(query, this.#declared())).get(name),
    });
  }

  #declared(): ReadonlyMap<string, Kinds> {
    return new Map([...this.#tables.values()].map(({ name, kinds }) => [name, kinds]));
  }

  #checkOpen(): void {
    if (this.#isOpen) return;
    throw new QueryRefusedError('A select was executed after its query had ended. Await or return every select.');
  }

  async #value(parameter: unknown): Promise<string | null> {
    if (parameter instanceof SearchTerm) return parameter.query(this.#statements);
    const value = toParameter(parameter);
    return value === null ? null : storableText(String(value));
  }

  async #nameTables(ids: readonly number[]): Promise<void> {
    const { rows } = await this.#statements.run('SELECT oid, relname FROM pg_class WHERE oid = ANY($1::oid[])', [
      `{${ids.join(',')}}`,
    ]);
    if (this.#tableNames.size > maxTableNames) this.#tableNames.clear();
    for (const [id, name] of rows) this.#tableNames.set(Number(id), name!);
  }

  /** Names in the text are found even where they are not quoted; too many are better than too few. */
  #noteTables(sql: string): void {
    let isAny = false;
    for (const [physical, { name }] of this.#tables) {
      if (!sql.includes(physical)) continue;
      this.#used.add(name);
      isAny = true;
    }
    if (!isAny) for (const { name } of this.#tables.values()) this.#used.add(name);
  }
}
