import { isPath } from '../expressions/aggregates.js';
import {
  type AggregateParts,
  type AggregateReach,
  type CompiledExpression,
  type Expression,
  type ExpressionContext,
} from '../expressions/expression.js';
import { valueAt } from '../expressions/json-value.js';
import { isWindowed } from '../expressions/window.js';
import { refuseEncrypted } from '../model/encrypted-fields.js';
import { type ColumnModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { resolvePath, resolveStart, tryResolveJson, tryResolvePath, type ResolvedPath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { type AggregateFunction } from '../sql/expression-dialect.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';
import { Annotations } from './annotations.js';
import { compileCondition } from './condition.js';
import { type GroupJoins } from './group-joins.js';
import { GroupKeys } from './group-keys.js';
import { JoinScope, type AliasSource } from './join-scope.js';
import { allOf, isAlways } from './predicate.js';
import { type GivenNames } from './source-table.js';

/** Where the rows of relations to many come from: a scope of their own, or joins of the statement. */
export type BoundRows = ReadonlyMap<string, JoinScope | 'joined'>;

/** What a compiler knows beside the tables of its statement. */
export interface CompilerNames {
  readonly annotations: Annotations;
  /** The query around this one. */
  readonly outer: ExpressionContext | undefined;
  readonly reach: AggregateReach;
  /** Rows that something around ranges over. */
  readonly bound: BoundRows;
  /** Values that something else than the entity has. */
  readonly given?: GivenNames | undefined;
  /** What aggregates of groups join; undefined where only one relation is reached. */
  readonly joins?: GroupJoins | undefined;
  /** What rows of a group have in common; undefined for what ranges over rows. */
  readonly group?: GroupKeys | undefined;
  /** The zone of the query. */
  readonly zone: TimeZone;
}

/** Compiles expressions and conditions in the FROM clause of one statement. */
export class ExpressionCompiler implements ExpressionContext {
  /** The aliases under which the statement selects values, by name. */
  readonly selected = new Map<string, string>();

  constructor(
    readonly scope: JoinScope,
    private readonly names: CompilerNames,
  ) {}

  get dialect(): SqlDialect {
    return this.scope.model.dialect;
  }

  get aliases(): AliasSource {
    return this.scope.aliases;
  }

  get reach(): AggregateReach {
    return this.names.reach;
  }

  get zone(): TimeZone {
    return this.names.zone;
  }

  get annotations(): Annotations {
    return this.names.annotations;
  }

  get bound(): BoundRows {
    return this.names.bound;
  }

  /** The paths that tell the rows of the statement apart. */
  get places(): readonly string[] {
    return [...new Set([...this.scope.places, ...(this.names.given?.places ?? [])])];
  }

  /** Whether a name is that of an annotation, or of something else than a field. */
  knows(path: string): boolean {
    return this.annotations.find(path) !== undefined || this.isGiven(path);
  }

  /** Throws for a path that begins with something joined and leads nowhere. @throws UnknownPathError, UnfitPathError */
  refuse(path: string): void {
    this.names.given?.refuse(path);
  }

  /** The joins of which several rows may stand beside one row of the entity, where groups are made by some paths. */
  multiplying(groupBy: readonly string[]): readonly string[] {
    return this.names.given?.multiplying(groupBy) ?? [];
  }

  within(reach: AggregateReach): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, reach });
  }

  /** The same names where rows of relations to many are given. */
  over(bound: BoundRows): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, bound });
  }

  /** The same with other names of what is joined. */
  given(given: GivenNames): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, given });
  }

  /** The same over all rows as one group. */
  overAll(): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, reach: 'group', group: new GroupKeys(this.scope, []) });
  }

  /** The same for conditions of groups. */
  amongColumns(): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, group: this.names.group?.ofColumns() });
  }

  asOuter(): ExpressionContext {
    return this;
  }

  compile(expression: Expression): CompiledExpression {
    return expression.compile(this);
  }

  path(path: string): CompiledExpression {
    const annotation = this.annotations.find(path);
    if (!annotation) return this.inGroup(path, this.isGiven(path) ? this.names.given!.value(path) : this.column(path));
    const annotations = this.annotations.before(annotation);
    const reach = annotation.grouped ? 'group' : 'related';
    const names = { ...this.names, annotations, reach } as const;
    const value =
      this.annotations.value(path) ?? new ExpressionCompiler(this.scope, names).compile(annotation.expression);
    return annotation.grouped ? value : this.inGroup(path, value);
  }

  /** A value at a path, which all rows of a group have in common. @throws QueryUsageError for any other */
  inGroup<V extends Pick<CompiledExpression, 'sql' | 'constant'>>(path: string, value: V): V {
    if (this.reach !== 'related') this.names.group?.check(path, value);
    return value;
  }

  outer(path: string): CompiledExpression {
    if (this.names.outer) return this.names.outer.path(path);
    throw new QueryUsageError(`OuterRef('${path}') has no query around its own`, {
      hint: 'Use the query in Subquery(), Exists() or an `in` lookup of another one',
    });
  }

  truth(where: Where): Sql {
    const predicate = compileCondition(this, where);
    if (isAlways(predicate)) return raw('(1 = 1)');
    return predicate.certain ? sql`(${predicate.sql})` : sql`((${predicate.sql}) IS TRUE)`;
  }

  aggregate(parts: AggregateParts): CompiledExpression {
    if (this.reach === 'related') return this.overRelated(parts);
    if (parts.argument && this.reach === 'group')
      this.names.joins?.refuseRepeated(parts, this.firstSteps(parts.argument));
    return this.reach === 'group' && this.names.joins ? this.overGroup(parts, this.names.joins) : this.overRows(parts);
  }

  /** The rows of a path: a scope, and the relations that lead on from it. @throws UnfitPathError */
  place(target: ResolvedPath): readonly [JoinScope, readonly RelationModel[]] {
    const { hops } = target;
    const many = hops.findIndex((hop) => hop.many);
    if (many < 0) return [this.scope, hops];
    const bound = this.bound.get(crossingName(hops, many));
    if (bound === 'joined' || (!bound && this.reach === 'group')) return [this.scope, hops];
    if (bound) return [bound, hops.slice(many + 1)];
    throw new UnfitPathError(
      this.scope.model.name,
      target.path,
      'leads to many rows and has no single value',
      'Use an aggregate such as Count() or Max(), or a Subquery()',
    );
  }

  /** Whether an expression, or an annotation that it uses, is one over a window. */
  looksAround(expression: Expression): boolean {
    if (isWindowed(expression)) return true;
    const used = pathsOf(expression).flatMap((path) => this.annotations.find(path) ?? []);
    return used.some((annotation) => isWindowed(annotation.expression));
  }

  /** Whether an expression, or an annotation that it uses, names something that the query has joined. */
  speaksOfJoined(expression: Expression): boolean {
    return this.firstSteps(expression).some((name) => this.isGiven(name));
  }

  /** The relations to many that an expression crosses, by name. */
  relationsOf(expression: Expression): string[] {
    return [...this.crossings(expression).keys()];
  }

  /** What the paths of an expression, those behind annotations included, begin with. */
  private firstSteps(expression: Expression): string[] {
    return pathsOf(expression).flatMap((path) => {
      const annotation = this.annotations.find(path);
      if (!annotation) return path.split('.', 1);
      const names = { ...this.names, annotations: this.annotations.before(annotation) };
      return new ExpressionCompiler(this.scope, names).firstSteps(annotation.expression);
    });
  }

  private isGiven(path: string): boolean {
    return this.names.given?.has(path) ?? false;
  }

  private column(path: string): CompiledExpression {
    this.refuse(path);
    const json = tryResolvePath(this.scope.model, path) ? undefined : tryResolveJson(this.scope.model, path);
    if (json) {
      return valueAt(this.columnAt(json.target), json.keys, this.dialect);
    }
    const target = resolvePath(this.scope.model, path);
    if (target.columns.length > 1)
      throw new UnfitPathError(this.scope.model.name, path, 'has a key of several columns', 'Name one of them');
    refuseEncrypted(target, 'compute with it');
    return this.columnAt(target);
  }

  private columnAt(target: ResolvedPath): CompiledExpression {
    const [scope, hops] = this.place(target);
    const column = target.columns[0]!;
    const origin = target.references?.[0] ?? column;
    const { references } = target;
    const { scale } = origin.metadata;
    return { ...scope.column(hops, column), kind: column.kind, scale, column: origin, references };
  }

  /**
   * Over the rows of a group. What is reached over a relation to many is put together for each row first, where it can
   * be, so that joined rows do not count for other aggregates.
   */
  private overGroup(parts: AggregateParts, joins: GroupJoins): CompiledExpression {
    const relations = [...this.crossings(parts.argument).keys()].filter((name) => this.bound.get(name) !== 'joined');
    const outer = parts.distinct ? undefined : PUT_TOGETHER[parts.name as AggregateFunction];
    if (relations.length === 1 && outer) return this.putTogether(parts, outer);
    joins.add(parts, relations[0]);
    return this.overRows(parts);
  }

  private putTogether(parts: AggregateParts, outer: AggregateFunction): CompiledExpression {
    const each = this.within('related').overRelated(parts);
    const whole = this.dialect.expressions.aggregate(outer, { ...each, column: undefined }, {});
    const value = { ...whole, kind: each.kind, scale: each.scale, column: each.column };
    return parts.name === 'COUNT' ? { ...value, sql: sql`COALESCE(${value.sql}, 0)`, nullable: false } : value;
  }

  /** Over the rows of a group or a window: a condition leaves the values of others out. */
  private overRows({ name, argument, filter, write }: AggregateParts): CompiledExpression {
    const group = this.reach === 'window' ? this.names.group : undefined;
    const each = new ExpressionCompiler(this.scope, { ...this.names, group });
    const value = argument && each.argument(name, argument);
    if (!filter) return write(value, each);
    const truth = each.over(joinedRows(this.bound, this.crossings(argument))).truth(filter);
    const kept = value ?? { sql: raw('1'), kind: 'integer' as const, nullable: false };
    return write({ ...kept, sql: sql`CASE WHEN ${truth} THEN ${kept.sql} END`, nullable: true }, each);
  }

  /** Over the related rows of each row: a subquery of its own, so that no other rows are multiplied. */
  private overRelated({ name, argument, filter, write }: AggregateParts): CompiledExpression {
    const { hops, many } = this.relatedRows(name, argument);
    const relation = hops[many]!;
    const rows = new JoinScope(relation.target, this.scope.aliases, { relation, optional: false });
    const inner = this.over(new Map([...this.bound, [crossingName(hops, many), rows]]));
    const value = write(inner.argument(name, argument!), inner);
    const own = (column: ColumnModel): Sql => this.scope.column(hops.slice(0, many), column).sql;
    const condition = filter ? compileCondition(inner, filter) : undefined;
    const tied = allOf([{ sql: rows.tie(own), certain: true }, ...(condition ? [condition] : [])]);
    return { ...value, sql: sql`(SELECT ${value.sql} FROM ${rows.from()} WHERE ${tied.sql})` };
  }

  /** Whether a row is there is told by any column of its key. */
  private argument(name: string, argument: Expression): CompiledExpression {
    if (name !== 'COUNT' || !isPath(argument) || this.knows(argument.path)) return this.compile(argument);
    const target = tryResolvePath(this.scope.model, argument.path);
    return target ? this.columnAt(target) : this.compile(argument);
  }

  /** The relation to many over which an aggregate reaches. @throws QueryUsageError unless there is exactly one */
  private relatedRows(name: string, argument: Expression | undefined): Crossing {
    const crossings = this.crossings(argument);
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

  /** The relations to many that an expression crosses, by name. */
  private crossings(expression: Expression | undefined): Map<string, Crossing> {
    const found = new Map<string, Crossing>();
    for (const path of expression ? pathsOf(expression) : []) {
      if (this.knows(path)) continue;
      const { hops } = resolveStart(this.scope.model, path);
      const many = hops.findIndex((hop) => hop.many);
      if (many >= 0) found.set(crossingName(hops, many), { hops, many });
    }
    return found;
  }
}

/** What makes one value of those of each row. */
const PUT_TOGETHER: Readonly<Partial<Record<AggregateFunction, AggregateFunction>>> = {
  COUNT: 'SUM',
  SUM: 'SUM',
  MIN: 'MIN',
  MAX: 'MAX',
};

/** A path's relations, and which of them is the first to many rows. */
interface Crossing {
  readonly hops: readonly RelationModel[];
  readonly many: number;
}

/** The name that paths over the same relation to many share. */
export function crossingName(hops: readonly RelationModel[], many: number): string {
  return hops
    .slice(0, many + 1)
    .map(({ path }) => path)
    .join('.');
}

/** The paths that an expression and its parts name. */
export function pathsOf(expression: Expression): string[] {
  return [...expression.paths, ...expression.parts.flatMap(pathsOf)];
}

function joinedRows(bound: BoundRows, crossings: ReadonlyMap<string, Crossing>): BoundRows {
  return new Map([...bound, ...[...crossings.keys()].map((name) => [name, 'joined'] as const)]);
}
