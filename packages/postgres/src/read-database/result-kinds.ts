import type { ColumnKind } from 'carillon';
import {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  type OperationNode,
  ParensNode,
  ReferenceNode,
  SelectAllNode,
  SelectQueryNode,
  TableNode,
  type WithNode,
} from 'kysely';

/** What the columns of a table or of a result hold, by their names; undefined for an expression. */
export type Kinds = ReadonlyMap<string, ColumnKind | undefined>;

/** What can be named in a select, by its names. */
type Scope = ReadonlyMap<string, Kinds>;

/**
 * What the columns of a result hold that come from a column as it is, by way of other selects too. PostgreSQL says which column a value
 * comes from, but not through a select that stands for a value, and not through what `union` puts together: the first select counts there.
 *
 * @param tables what the read model's tables hold, by their declared names
 */
export function resultKinds(query: OperationNode, tables: Scope): Kinds {
  return SelectQueryNode.is(query) ? selectKinds(query, tables, new Map()) : new Map();
}

/**
 * @param tables what can be selected from: tables and common tables
 * @param outer what the selects around it have in their `from`
 */
function selectKinds(select: SelectQueryNode, tables: Scope, outer: Scope): Kinds {
  const known = withCommonTables(select.with, tables, outer);
  const sources = new Map<string, Kinds>();
  for (const node of [...(select.from?.froms ?? []), ...(select.joins ?? []).map(({ table }) => table)]) {
    const source = sourceOf(node, known, new Map([...outer, ...sources]));
    if (source !== undefined) sources.set(...source);
  }
  const kinds = new Map<string, ColumnKind | undefined>();
  for (const { selection } of select.selections ?? []) note(selection, { known, sources, outer }, kinds);
  return kinds;
}

function withCommonTables(node: WithNode | undefined, tables: Scope, outer: Scope): Scope {
  const known = new Map(tables);
  for (const { name, expression } of node?.expressions ?? []) {
    const query = withoutParens(expression);
    const kinds: Kinds = SelectQueryNode.is(query) ? selectKinds(query, known, outer) : new Map();
    const columns = name.columns?.map(({ column }) => column.name);
    const renamed = columns && new Map([...kinds.values()].map((kind, i) => [columns[i] ?? '', kind]));
    known.set(name.table.table.identifier.name, renamed ?? kinds);
  }
  return known;
}

/** What a table or a select in `from` is called there, and what it holds. */
function sourceOf(node: OperationNode, known: Scope, outer: Scope): [name: string, kinds: Kinds] | undefined {
  if (TableNode.is(node)) {
    const { name } = node.table.identifier;
    return [name, known.get(name) ?? new Map()];
  }
  if (!AliasNode.is(node) || !IdentifierNode.is(node.alias)) return undefined;
  const inner = withoutParens(node.node);
  const kinds = SelectQueryNode.is(inner) ? selectKinds(inner, known, outer) : sourceOf(inner, known, outer)?.[1];
  return [node.alias.name, kinds ?? new Map()];
}

/** Where a selected expression finds what it names. */
interface Place {
  readonly known: Scope;
  readonly sources: Scope;
  readonly outer: Scope;
}

/** Adds the columns of one selection. */
function note(selection: OperationNode, place: Place, kinds: Map<string, ColumnKind | undefined>): void {
  const all = SelectAllNode.is(selection) || (ReferenceNode.is(selection) && SelectAllNode.is(selection.column));
  if (all) {
    const table = ReferenceNode.is(selection) ? selection.table?.table.identifier.name : undefined;
    const shown = table === undefined ? [...place.sources.values()] : [place.sources.get(table) ?? new Map()];
    for (const columns of shown) for (const [name, kind] of columns) kinds.set(name, kind);
    return;
  }
  const isNamed = AliasNode.is(selection) && IdentifierNode.is(selection.alias);
  const expression = isNamed ? selection.node : selection;
  const name = isNamed ? (selection.alias as IdentifierNode).name : columnOf(expression);
  // What has no name here has a place all the same: a common table may name its columns by their places.
  kinds.set(name ?? `$${kinds.size}`, kindOf(expression, place));
}

/** What an expression holds: undefined unless it is a column, or a select of one. */
function kindOf(node: OperationNode, { known, sources, outer }: Place): ColumnKind | undefined {
  const expression = withoutParens(node);
  if (SelectQueryNode.is(expression)) {
    return [...selectKinds(expression, known, new Map([...outer, ...sources])).values()][0];
  }
  const column = columnOf(expression);
  if (column === undefined) return undefined;
  const table = ReferenceNode.is(expression) ? expression.table?.table.identifier.name : undefined;
  if (table !== undefined) return (sources.get(table) ?? outer.get(table))?.get(column);
  const inner = [...sources.values()].find((columns) => columns.has(column));
  return (inner ?? [...outer.values()].findLast((columns) => columns.has(column)))?.get(column);
}

function columnOf(node: OperationNode): string | undefined {
  const column = ReferenceNode.is(node) ? node.column : node;
  return ColumnNode.is(column) ? column.column.name : undefined;
}

function withoutParens(node: OperationNode): OperationNode {
  return ParensNode.is(node) ? withoutParens(node.node) : node;
}
