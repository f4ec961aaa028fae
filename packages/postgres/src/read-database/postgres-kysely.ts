import { QueryRefusedError } from 'carillon/adapters';
import {
  BinaryOperationNode,
  ColumnNode,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  type OperationNode,
  OperatorNode,
  type OrderByItemNode,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  PrimitiveValueListNode,
  type QueryId,
  type QueryResult,
  RawNode,
  ReferenceNode,
  type RootOperationNode,
  type SchemableIdentifierNode,
  ValueListNode,
} from 'kysely';
import { factsOf, type QueryFacts } from './query-facts.js';
import { SearchTerm } from './search-term.js';

/** What the compiler needs to know of a read model. */
export interface CompiledReadModel {
  /** The schema of the read side. */
  readonly schema: string;
  /** What a table is called there. */
  physical(table: string): string;
  /** Columns that are null in no table that has them. */
  readonly neverNull: ReadonlySet<string>;
}

/** Executes a select. */
export type Execute = (query: CompiledQuery) => Promise<unknown[]>;

/**
 * Kysely over one read model, giving the answers that SQLite gives: nulls come first, `like` does not see the case of A to Z. It selects, and
 * nothing else: there are no transactions to begin.
 */
export function postgresKysely(readModel: CompiledReadModel, execute: Execute): Kysely<any> {
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SnapshotDriver(execute),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new ReadModelCompiler(readModel),
  };
  return new Kysely({ dialect }).withSchema(readModelSchema);
}

/** Stands for the tables of the read model until the query is compiled. */
const readModelSchema = '$read-model';

class ReadModelCompiler extends PostgresQueryCompiler {
  readonly #readModel: CompiledReadModel;
  #facts: QueryFacts = noFacts;
  /** The parameters that may stand in several places, by what they are there: their numbers. */
  readonly #numbers = new Map<string, number>();

  constructor(readModel: CompiledReadModel) {
    super();
    this.#readModel = readModel;
  }

  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    this.#facts = factsOf(node);
    this.#numbers.clear();
    return super.compileQuery(node, queryId);
  }

  protected override visitSchemableIdentifier(node: SchemableIdentifierNode): void {
    if (node.schema?.name === readModelSchema) {
      const { schema, physical } = this.#readModel;
      this.append(`${this.#quoted(schema)}.${this.#quoted(physical(node.identifier.name))}`);
    } else {
      super.visitSchemableIdentifier(node);
    }
  }

  /** SQLite takes null to be less than everything. */
  protected override visitOrderByItem(node: OrderByItemNode): void {
    super.visitOrderByItem(node);
    if (node.nulls !== undefined || this.#isNeverNull(node.orderBy)) return;
    const direction = node.direction === undefined ? 'asc' : directionOf(node.direction);
    // One that was written by hand says itself where nulls come.
    if (direction !== undefined) this.append(direction === 'desc' ? ' nulls last' : ' nulls first');
  }

  /** SQLite's `like` takes "a" and "A" for the same, and has no character that escapes; nothing is in an empty list, null neither. */
  protected override visitBinaryOperation(node: BinaryOperationNode): void {
    const operator = OperatorNode.is(node.operator) ? node.operator.operator : undefined;
    if ((operator === 'in' || operator === 'not in') && isEmptyList(node.rightOperand)) {
      this.append(operator === 'in' ? 'false' : 'true');
    } else if (operator === 'like' || operator === 'not like') {
      const insensitive = OperatorNode.create(operator === 'like' ? 'ilike' : 'not ilike');
      super.visitBinaryOperation({ ...node, operator: insensitive });
      if (!RawNode.is(node.rightOperand)) this.append(" escape ''");
    } else {
      super.visitBinaryOperation(node);
    }
  }

  /** Texts, booleans and null are what they are compared with; numbers are numbers wherever they stand. */
  protected override appendValue(parameter: unknown): void {
    this.#appendParameter(parameter);
    if (parameter instanceof SearchTerm) this.append('::tsquery');
    if (typeof parameter === 'bigint') this.append('::bigint');
    if (typeof parameter === 'boolean') this.append('::boolean');
    if (typeof parameter !== 'number') return;
    if (!Number.isSafeInteger(parameter) || this.#isInDivision()) this.append('::double precision');
    else this.append(Math.abs(parameter) < 2 ** 31 ? '::integer' : '::bigint');
  }

  /**
   * Where expressions are compared, equal values in equal places are one parameter: PostgreSQL takes `coalesce("word", $1)` and
   * `coalesce("word", $2)` for different, so that the second does not group the first.
   */
  #appendParameter(parameter: unknown): void {
    const place = this.#facts.comparesExpressions ? this.#placeOf(parameter) : undefined;
    if (place === undefined) {
      super.appendValue(parameter);
      return;
    }
    const number = this.#numbers.get(place);
    if (number !== undefined) {
      this.append(`$${number}`);
      return;
    }
    super.appendValue(parameter);
    this.#numbers.set(place, this.numParameters);
  }

  /**
   * The same for values that may be one parameter. A text has the type of what it stands beside: the same text may have two in two
   * places.
   */
  #placeOf(parameter: unknown): string | undefined {
    if (!/^(string|number|boolean|bigint)$/.test(typeof parameter)) return undefined;
    const around = this.nodeStack.findLast(({ kind }) => !valueKinds.has(kind));
    if (around === undefined) return undefined;
    const operands = BinaryOperationNode.is(around) ? [around.leftOperand, around.rightOperand] : [];
    const beside = RawNode.is(around) ? around.sqlFragments : operands.map(columnName);
    return JSON.stringify([typeof parameter, String(parameter), around.kind, beside, this.#isInDivision()]);
  }

  /** SQLite takes a number from outside for a fraction, so that nothing of the quotient is cut off. */
  #isInDivision(): boolean {
    const parent = this.parentNode;
    if (parent === undefined || !BinaryOperationNode.is(parent)) return false;
    return OperatorNode.is(parent.operator) && parent.operator.operator === '/';
  }

  #isNeverNull(node: OperationNode): boolean {
    if (this.#facts.makesNulls) return false;
    const name = columnName(node);
    return name !== undefined && this.#readModel.neverNull.has(name) && !this.#facts.aliases.has(name);
  }

  #quoted(name: string): string {
    return `"${this.sanitizeIdentifier(name)}"`;
  }
}

const noFacts: QueryFacts = { makesNulls: true, aliases: new Set(), comparesExpressions: false };

/** What a value stands in, and that does not say what it is there. */
const valueKinds = new Set(['ValueNode', 'ValueListNode', 'PrimitiveValueListNode', 'ParensNode', 'TupleNode']);

function columnName(node: OperationNode): string | undefined {
  const column = ReferenceNode.is(node) ? node.column : node;
  return ColumnNode.is(column) ? column.column.name : undefined;
}

function isEmptyList(node: OperationNode): boolean {
  return (PrimitiveValueListNode.is(node) || ValueListNode.is(node)) && node.values.length === 0;
}

function directionOf(node: OperationNode): 'asc' | 'desc' | undefined {
  const text = RawNode.is(node) ? node.sqlFragments.join('').trim().toLowerCase() : '';
  return text === 'asc' || text === 'desc' ? text : undefined;
}

class SnapshotDriver implements Driver {
  readonly #connection: DatabaseConnection;

  constructor(execute: Execute) {
    this.#connection = {
      async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
        return { rows: (await execute(query)) as R[] };
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
