import { isPath } from '../expressions/aggregates.js';
import { type AggregateParts, type CompiledExpression, type Expression } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { tryResolvePath } from '../model/resolve-path.js';
import { QueryUsageError } from '../query.errors.js';
import { type AggregateFunction } from '../sql/expression-dialect.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { compileCondition } from './condition.js';
import { crossingName, joinedRows, type Crossing } from './crossings.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { type GroupJoins } from './group-joins.js';
import { JoinScope } from './join-scope.js';
import { allOf } from './predicate.js';

/** What makes one value of those of each row. */
const PUT_TOGETHER: Readonly<Partial<Record<AggregateFunction, AggregateFunction>>> = {
  COUNT: 'SUM',
  SUM: 'SUM',
  MIN: 'MIN',
  MAX: 'MAX',
};

/** Compiles an aggregate over the rows that it reaches. @throws QueryUsageError, FieldError */
export function compileAggregate(around: ExpressionCompiler, parts: AggregateParts): CompiledExpression {
  const { reach, joins } = around;
  if (reach === 'related') return overRelated(around, parts);
  if (parts.argument && reach === 'group') joins?.refuseRepeated(parts, around.firstSteps(parts.argument));
  return reach === 'group' && joins ? overGroup(around, parts, joins) : overRows(around, parts);
}

/**
 * Over the rows of a group. What is reached over a relation to many is put together for each row first, where it can
 * be, so that joined rows do not count for other aggregates.
 */
function overGroup(around: ExpressionCompiler, parts: AggregateParts, joins: GroupJoins): CompiledExpression {
  const { argument } = parts;
  const crossed = argument ? around.relationsOf(argument) : [];
  const relations = crossed.filter((name) => around.bound.get(name) !== 'joined');
  const outer = parts.distinct ? undefined : PUT_TOGETHER[parts.name as AggregateFunction];
  if (relations.length === 1 && outer) return putTogether(around, parts, outer);
  joins.add(parts, relations[0]);
  return overRows(around, parts);
}

function putTogether(around: ExpressionCompiler, parts: AggregateParts, outer: AggregateFunction): CompiledExpression {
  const each = overRelated(around.within('related'), parts);
  const whole = around.dialect.expressions.aggregate(outer, { ...each, column: undefined }, {});
  const value = { ...whole, kind: each.kind, scale: each.scale, column: each.column };
  return parts.name === 'COUNT' ? { ...value, sql: sql`COALESCE(${value.sql}, 0)`, nullable: false } : value;
}

/** Over the rows of a group or a window: a condition leaves the values of others out. */
function overRows(around: ExpressionCompiler, { name, argument, filter, write }: AggregateParts): CompiledExpression {
  const each = around.ofRows();
  const value = argument && argumentIn(each, name, argument);
  if (!filter) return write(value, each);
  const crossed = argument ? around.relationsOf(argument) : [];
  const truth = each.over(joinedRows(around.bound, crossed)).truth(filter);
  const kept = value ?? { sql: raw('1'), kind: 'integer' as const, nullable: false };
  return write({ ...kept, sql: sql`CASE WHEN ${truth} THEN ${kept.sql} END`, nullable: true }, each);
}

/** Over the related rows of each row: a subquery of its own, so that no other rows are multiplied. */
function overRelated(
  around: ExpressionCompiler,
  { name, argument, filter, write }: AggregateParts,
): CompiledExpression {
  const { scope } = around;
  const crossing = relatedRows(around, name, argument);
  const { hops, many } = crossing;
  const relation = hops[many]!;
  const rows = new JoinScope(relation.target, scope.aliases, { relation, optional: false });
  const inner = around.over(new Map([...around.bound, [crossingName(crossing), rows]]));
  const value = write(argumentIn(inner, name, argument!), inner);
  const own = (column: ColumnModel): Sql => scope.column(hops.slice(0, many), column).sql;
  const condition = filter ? compileCondition(inner, filter) : undefined;
  const tied = allOf([{ sql: rows.tie(own), certain: true }, ...(condition ? [condition] : [])]);
  return { ...value, sql: sql`(SELECT ${value.sql} FROM ${rows.from()} WHERE ${tied.sql})` };
}

/** Whether a row is there is told by any column of its key. */
function argumentIn(around: ExpressionCompiler, name: string, argument: Expression): CompiledExpression {
  if (name !== 'COUNT' || !isPath(argument) || around.knows(argument.path)) return around.compile(argument);
  const target = tryResolvePath(around.scope.model, argument.path);
  return target ? around.columnAt(target) : around.compile(argument);
}

/** The relation to many over which an aggregate reaches. @throws QueryUsageError unless there is exactly one */
function relatedRows(around: ExpressionCompiler, name: string, argument: Expression | undefined): Crossing {
  const crossings = argument ? around.crossings(argument) : new Map<string, Crossing>();
  const [first] = crossings.values();
  if (first && crossings.size === 1) return first;
  if (!first)
    throw new QueryUsageError(`${name} in annotate() reaches over a relation to many rows`, {
      hint: 'Group rows with values(...) before annotate(), or use aggregate() for the whole query',
    });
  throw new QueryUsageError(`${name} reaches over several relations: ${[...crossings.keys()].join(', ')}`, {
    hint: 'Annotate one value for each relation',
  });
}
