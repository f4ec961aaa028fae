import {
  AliasNode,
  CommonTableExpressionNameNode,
  IdentifierNode,
  JoinNode,
  type OperationNode,
  SelectQueryNode,
} from 'kysely';

/** What has to be known of a whole query before a part of it is written. */
export interface QueryFacts {
  /** Whether a column may be null that is null in no table: outer joins and unions see to that. */
  readonly makesNulls: boolean;
  /** Names that were given in the query, and may stand for something else than a column. */
  readonly aliases: ReadonlySet<string>;
  /** Whether it matters which expressions are the same: those that rows are grouped by, or told apart by. */
  readonly comparesExpressions: boolean;
}

/** Walks through a query once. */
export function factsOf(query: OperationNode): QueryFacts {
  const facts = { makesNulls: false, aliases: new Set<string>(), comparesExpressions: false };
  gather(query, facts);
  return facts;
}

type Gathered = { -readonly [Fact in keyof QueryFacts]: QueryFacts[Fact] } & { readonly aliases: Set<string> };

function gather(node: unknown, facts: Gathered): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const one of node) gather(one, facts);
    return;
  }
  const { kind } = node as { readonly kind?: string };
  if (kind === 'ValueNode' || kind === 'PrimitiveValueListNode') return;
  if (kind !== undefined) note(node as OperationNode, facts);
  for (const one of Object.values(node)) gather(one, facts);
}

function note(node: OperationNode, facts: Gathered): void {
  if (JoinNode.is(node)) {
    if (/Left|Right|Full|OuterApply/.test(node.joinType)) facts.makesNulls = true;
  } else if (AliasNode.is(node)) {
    if (IdentifierNode.is(node.alias)) facts.aliases.add(node.alias.name);
    else facts.makesNulls = true;
  } else if (CommonTableExpressionNameNode.is(node)) {
    for (const { column } of node.columns ?? []) facts.aliases.add(column.name);
  } else if (SelectQueryNode.is(node)) {
    // What is put together is called as in the first select, and may be null in another.
    if (node.setOperations !== undefined) facts.makesNulls = true;
    const isDistinct = node.frontModifiers?.some(({ modifier }) => modifier === 'Distinct') === true;
    if (node.groupBy !== undefined || node.distinctOn !== undefined || isDistinct) facts.comparesExpressions = true;
  }
}
