import { type ColumnModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type Where } from '../q.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { crossing, resolveCondition, type ConditionNode, type Leaf } from './condition-tree.js';
import { JoinScope, type ScopedColumn } from './join-scope.js';
import { acceptsAbsence, compileLeaf } from './leaf.js';
import { allOf, ALWAYS, anyOf, negate, type Predicate } from './predicate.js';

/** Where the columns of a condition come from. */
interface Surroundings {
  readonly scope: JoinScope;
  /** Relations to many rows whose rows an EXISTS around the condition ranges over. */
  readonly bound: ReadonlyMap<string, JoinScope>;
}

/**
 * One call of `filter`. Lookups that cross the same relation to many rows speak of the same related row: they become
 * one EXISTS, so that rows are never multiplied and nothing has to be made distinct afterwards.
 */
export function compileCondition(scope: JoinScope, where: Where): Predicate {
  return compileNode(resolveCondition(scope.model, where), { scope, bound: new Map() });
}

function compileNode(node: ConditionNode, around: Surroundings): Predicate {
  if (node.op === 'leaf')
    return isFree(node, around) ? existing(node, [node], around) : compileLeaf(node, columnsOf(node, around));
  if (node.op === 'not') return negate(compileNode(node.part, { scope: around.scope, bound: new Map() }));
  if (node.op === 'or') return anyOf(node.parts.map((part) => compileNode(part, around)));
  return allOf(compileParts(flatten(node.parts), around));
}

/** The parts of an AND: those that share a relation to many rows together, the others one by one. */
function compileParts(parts: readonly ConditionNode[], around: Surroundings): Predicate[] {
  const groups = groupBySharedRow(parts, around);
  return groups.map((group) =>
    group.leaf && group.parts.length > 1
      ? existing(group.leaf, group.parts, around)
      : compileNode(group.parts[0]!, around),
  );
}

interface Group {
  readonly parts: ConditionNode[];
  readonly crossings: Set<string>;
  /** A leaf that crosses the first relation that the parts share. */
  leaf: Leaf | undefined;
}

function groupBySharedRow(parts: readonly ConditionNode[], around: Surroundings): Group[] {
  let groups: Group[] = [];
  for (const part of parts) {
    const leaves = freeLeaves(part, around);
    const crossings = new Set(leaves.map((leaf) => crossing(leaf)!));
    const shared = groups.filter((group) => [...group.crossings].some((name) => crossings.has(name)));
    const merged: Group = {
      parts: [...shared.flatMap((group) => group.parts), part],
      crossings: new Set([...shared.flatMap((group) => [...group.crossings]), ...crossings]),
      leaf: shared[0]?.leaf ?? leaves[0],
    };
    groups = [...groups.filter((group) => !shared.includes(group)), merged];
  }
  return groups;
}

/** The parts hold for one row of the relation that the leaf crosses. */
function existing(leaf: Leaf, parts: readonly ConditionNode[], around: Surroundings): Predicate {
  const before = leaf.target.hops.slice(0, leaf.many);
  const relation = leaf.target.hops[leaf.many]!;
  const name = crossing(leaf)!;
  if (parts.length === 1 && isAbsence(leaf)) return noRow(leaf, around);
  const optional = parts.some((part) =>
    leavesOf(part).some((inner) => crossing(inner) === name && acceptsAbsence(inner)),
  );
  const rows = new JoinScope(relation.target, around.scope.aliases, { relation, optional });
  const bound = new Map([...around.bound, [name, rows]]);
  const condition = allOf(compileParts(parts, { scope: around.scope, bound }));
  const own = (column: ColumnModel): Sql => around.scope.column(before, column).sql;
  return { sql: optional ? existsOrNone(rows, own, condition) : exists(rows, own, condition), certain: true };
}

/** Whether a leaf says no more than that a relation has no rows. */
function isAbsence(leaf: Leaf): boolean {
  const { hops, columns } = leaf.target;
  return acceptsAbsence(leaf) && hops.length === leaf.many + 1 && columns.every(({ nullable }) => !nullable);
}

function noRow({ target, many }: Leaf, around: Surroundings): Predicate {
  const relation = target.hops[many]!;
  const rows = new JoinScope(relation.target, around.scope.aliases, { relation, optional: false });
  const own = (column: ColumnModel): Sql => around.scope.column(target.hops.slice(0, many), column).sql;
  return { sql: sql`NOT ${exists(rows, own, ALWAYS)}`, certain: true };
}

function exists(rows: JoinScope, own: (column: ColumnModel) => Sql, condition: Predicate): Sql {
  const tied = allOf([{ sql: rows.tie(own), certain: true }, condition]);
  return sql`EXISTS (SELECT 1 FROM ${rows.from()} WHERE ${tied.sql})`;
}

/** Also ranges over one absent row when there is none, for conditions that hold for it. */
function existsOrNone(rows: JoinScope, own: (column: ColumnModel) => Sql, condition: Predicate): Sql {
  const start = raw(`(SELECT 1 AS one) AS ${rows.aliases.take()}`);
  return sql`EXISTS (SELECT 1 FROM ${start}${rows.fromOptional(own)} WHERE ${condition.sql})`;
}

function columnsOf({ target, many }: Leaf, { scope, bound }: Surroundings): ScopedColumn[] {
  const [from, hops] = rowsOf(target.hops, many, scope, bound);
  return target.columns.map((column) => from.column(hops, column));
}

function rowsOf(
  hops: readonly RelationModel[],
  many: number,
  scope: JoinScope,
  bound: ReadonlyMap<string, JoinScope>,
): [JoinScope, readonly RelationModel[]] {
  if (many < 0) return [scope, hops];
  const name = hops
    .slice(0, many + 1)
    .map(({ path }) => path)
    .join('.');
  return [bound.get(name)!, hops.slice(many + 1)];
}

/** Whether a leaf crosses a relation to many rows that no EXISTS around it ranges over yet. */
function isFree(leaf: Leaf, { bound }: Surroundings): boolean {
  const name = crossing(leaf);
  return name !== undefined && !bound.has(name);
}

function freeLeaves(node: ConditionNode, around: Surroundings): Leaf[] {
  return leavesOf(node).filter((leaf) => isFree(leaf, around));
}

/** The leaves of a condition, those under a NOT apart: they speak of rows of their own. */
function leavesOf(node: ConditionNode): Leaf[] {
  if (node.op === 'leaf') return [node];
  return node.op === 'not' ? [] : node.parts.flatMap(leavesOf);
}

function flatten(parts: readonly ConditionNode[]): ConditionNode[] {
  return parts.flatMap((part) => (part.op === 'and' ? flatten(part.parts) : [part]));
}
