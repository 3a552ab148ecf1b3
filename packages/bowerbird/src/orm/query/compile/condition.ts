import { type Expression } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { crossing, resolveCondition, type ConditionNode, type Leaf } from './condition-tree.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { JoinScope, type ScopedColumn } from './join-scope.js';
import { acceptsAbsence, compileLeaf } from './leaf.js';
import { allOf, ALWAYS, anyOf, negate, type Predicate } from './predicate.js';
import { compileComputed } from './value.js';

/**
 * One call of `filter`. Lookups that cross the same relation to many rows speak of the same related row: they become
 * one EXISTS, so that rows are never multiplied and nothing has to be made distinct afterwards.
 */
export function compileCondition(around: ExpressionCompiler, where: Where): Predicate {
  return compileNode(resolveCondition(around.scope.model, where, around), around);
}

function compileNode(node: ConditionNode, around: ExpressionCompiler): Predicate {
  if (node.op === 'leaf')
    return isFree(node, around) ? existing(node, [node], around) : compileLeaf(node, columnsOf(node, around), around);
  if (node.op === 'computed') return compileComputed(node, around);
  if (node.op === 'truth') return compileTruth(node.expression, around);
  if (node.op === 'not') return negate(compileNode(node.part, around.over(joinedOnly(around))));
  if (node.op === 'or') return anyOf(node.parts.map((part) => compileNode(part, around)));
  return allOf(compileParts(flatten(node.parts), around));
}

/** An expression that is true or false by itself. @throws QueryUsageError for any other */
function compileTruth(expression: Expression, around: ExpressionCompiler): Predicate {
  const { kind, sql: value, nullable } = around.compile(expression);
  if (kind !== 'boolean') throw new QueryUsageError(`A condition is true or false, and not a ${kind}`);
  return { sql: value, certain: !nullable };
}

/** Under a NOT, lookups speak of rows of their own. */
function joinedOnly({ bound }: ExpressionCompiler): ExpressionCompiler['bound'] {
  return new Map([...bound].filter(([, rows]) => rows === 'joined'));
}

/** The parts of an AND: those that share a relation to many rows together, the others one by one. */
function compileParts(parts: readonly ConditionNode[], around: ExpressionCompiler): Predicate[] {
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

function groupBySharedRow(parts: readonly ConditionNode[], around: ExpressionCompiler): Group[] {
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
function existing(leaf: Leaf, parts: readonly ConditionNode[], around: ExpressionCompiler): Predicate {
  const before = leaf.target.hops.slice(0, leaf.many);
  const relation = leaf.target.hops[leaf.many]!;
  const name = crossing(leaf)!;
  if (parts.length === 1 && isAbsence(leaf)) return noRow(leaf, around);
  const optional = parts.some((part) =>
    leavesOf(part).some((inner) => crossing(inner) === name && acceptsAbsence(inner)),
  );
  const rows = new JoinScope(relation.target, around.scope.aliases, { relation, optional });
  const bound = new Map([...around.bound, [name, rows]]);
  const condition = allOf(compileParts(parts, around.over(bound)));
  const own = ownColumn(before, leaf, around);
  return { sql: optional ? existsOrNone(rows, own, condition) : exists(rows, own, condition), certain: true };
}

/** Whether a leaf says no more than that a relation has no rows. */
function isAbsence(leaf: Leaf): boolean {
  const { hops, columns } = leaf.target;
  const whole = leaf.lookups.length === 1 && hops.length === leaf.many + 1;
  return whole && acceptsAbsence(leaf) && columns.every(({ nullable }) => !nullable);
}

function noRow(leaf: Leaf, around: ExpressionCompiler): Predicate {
  const { target, many } = leaf;
  const relation = target.hops[many]!;
  const rows = new JoinScope(relation.target, around.scope.aliases, { relation, optional: false });
  const own = ownColumn(target.hops.slice(0, many), leaf, around);
  return { sql: sql`NOT ${exists(rows, own, ALWAYS)}`, certain: true };
}

/** The columns by which the rows of a relation belong to those of the statement. */
function ownColumn(
  hops: readonly RelationModel[],
  { target }: Leaf,
  around: ExpressionCompiler,
): (column: ColumnModel) => Sql {
  return (column) => around.inGroup(target.path, around.scope.column(hops, column)).sql;
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

function columnsOf({ target }: Leaf, around: ExpressionCompiler): ScopedColumn[] {
  const [from, hops] = around.place(target);
  return target.columns.map((column) => around.inGroup(target.path, from.column(hops, column)));
}

/** Whether a leaf crosses a relation to many rows that no EXISTS around it ranges over yet. */
function isFree(leaf: Leaf, { bound }: ExpressionCompiler): boolean {
  const name = crossing(leaf);
  return name !== undefined && !bound.has(name);
}

function freeLeaves(node: ConditionNode, around: ExpressionCompiler): Leaf[] {
  return leavesOf(node).filter((leaf) => isFree(leaf, around));
}

/** The leaves of a condition, those under a NOT apart: they speak of rows of their own. */
function leavesOf(node: ConditionNode): Leaf[] {
  if (node.op === 'leaf') return [node];
  return 'parts' in node ? node.parts.flatMap(leavesOf) : [];
}

function flatten(parts: readonly ConditionNode[]): ConditionNode[] {
  return parts.flatMap((part) => (part.op === 'and' ? flatten(part.parts) : [part]));
}
