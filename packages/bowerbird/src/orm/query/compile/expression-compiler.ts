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
import { type RelationModel } from '../model/relation-model.js';
import { parsePath, tryParsePath, type ResolvedPath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { QueryUsageError, UnfitPathError } from '../query.errors.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type TimeZone } from '../zones/time-zone.js';
import { compileAggregate } from './aggregate-rows.js';
import { type Annotated, type Annotations } from './annotations.js';
import { parseAnnotated } from './condition-tree.js';
import { compileCondition } from './condition.js';
import { crossingName, crossingOf, joinedRows, pathsOf, type BoundRows, type Crossing } from './crossings.js';
import { type GroupJoins } from './group-joins.js';
import { GroupKeys } from './group-keys.js';
import { type AliasSource, type JoinScope } from './join-scope.js';
import { isAlways } from './predicate.js';
import { type GivenNames } from './source-table.js';
import { transformedValue, type TransformedPath } from './transformed-value.js';

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
    protected readonly names: CompilerNames,
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

  get joins(): GroupJoins | undefined {
    return this.names.joins;
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
    return this.with({ reach });
  }

  /** The same names where rows of relations to many are given. */
  over(bound: BoundRows): ExpressionCompiler {
    return this.with({ bound });
  }

  /** The same where the rows of the relations to many that a path crosses are joined to those of the statement. */
  joining(path: string): ExpressionCompiler {
    const crossing = this.crossingAt(path);
    return crossing ? this.over(joinedRows(this.bound, [crossingName(crossing)])) : this;
  }

  /** The same for values of each row of a group, or of what a window ranges over. */
  ofRows(): ExpressionCompiler {
    const group = this.reach === 'window' ? this.names.group : undefined;
    return this.with({ group });
  }

  /** The same with other names of what is joined. */
  given(given: GivenNames): ExpressionCompiler {
    return this.with({ given });
  }

  /** The same for what an annotation itself may use. */
  before(annotation: Annotated): ExpressionCompiler {
    return this.with({ annotations: this.annotations.before(annotation) });
  }

  /** The same over all rows as one group. */
  overAll(): ExpressionCompiler {
    return this.with({ reach: 'group', group: new GroupKeys(this.scope, []) });
  }

  /** The same for conditions of groups. */
  amongColumns(): ExpressionCompiler {
    return this.with({ group: this.names.group?.ofColumns() });
  }

  asOuter(): ExpressionContext {
    return this;
  }

  compile(expression: Expression): CompiledExpression {
    return expression.compile(this);
  }

  path(path: string): CompiledExpression {
    const split = this.split(path);
    if (split.transforms.length === 0) return this.bare(path);
    const { group } = this.names;
    const whole = group?.has(path) ? this.with({ group: undefined }) : this;
    return transformedValue(whole.bare(split.path), split, this);
  }

  /** A path, and the names of what is made of its value. */
  split(path: string): TransformedPath {
    if (!path.includes('__')) return { path, transforms: [] };
    const named = parseAnnotated(path, (name) => this.knows(name));
    const transforms = named?.[1] ?? tryParsePath(this.scope.model, path)?.rest ?? [];
    return { path: path.slice(0, path.length - transforms.map((name) => `__${name}`).join('').length), transforms };
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
    return compileAggregate(this, parts);
  }

  /** The rows of a path: a scope, and the relations that lead on from it. @throws UnfitPathError */
  place(target: ResolvedPath): readonly [JoinScope, readonly RelationModel[]] {
    const { hops } = target;
    const crossing = crossingOf(hops);
    if (!crossing) return [this.scope, hops];
    const bound = this.bound.get(crossingName(crossing));
    if (bound === 'joined' || (!bound && this.reach === 'group')) return [this.scope, hops];
    if (bound) return [bound, hops.slice(crossing.many + 1)];
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
    const used = pathsOf(expression).flatMap((path) => this.annotations.find(this.split(path).path) ?? []);
    return used.some((annotation) => isWindowed(annotation.expression));
  }

  /** Whether an expression, or an annotation that it uses, names something that the query has joined. */
  speaksOfJoined(expression: Expression): boolean {
    return this.firstSteps(expression).some((name) => this.isGiven(name));
  }

  /** The names of the relations to many that an expression crosses. */
  relationsOf(expression: Expression): string[] {
    return [...this.crossings(expression).keys()];
  }

  /** The relations to many that an expression crosses, by name. */
  crossings(expression: Expression): ReadonlyMap<string, Crossing> {
    const found = pathsOf(expression).flatMap((path) => this.crossingAt(path) ?? []);
    return new Map(found.map((crossing) => [crossingName(crossing), crossing]));
  }

  /** What the paths of an expression, those behind annotations included, begin with. */
  firstSteps(expression: Expression): string[] {
    return this.startsOf(expression).flatMap((path) => path.split('.', 1));
  }

  /** The paths of an expression without what is made of their values, those behind annotations included. */
  startsOf(expression: Expression): string[] {
    return pathsOf(expression).flatMap((path) => {
      const start = this.split(path).path;
      const annotation = this.annotations.find(start);
      if (!annotation) return start;
      return this.before(annotation).startsOf(annotation.expression);
    });
  }

  /** The value at a path that is there. @throws UnfitPathError */
  columnAt(target: ResolvedPath): CompiledExpression {
    const [scope, hops] = this.place(target);
    const column = target.columns[0]!;
    const origin = target.references?.[0] ?? column;
    const { references } = target;
    const { scale } = origin.metadata;
    return { ...scope.column(hops, column), kind: column.kind, scale, column: origin, references };
  }

  /** The value of an annotation, of something given or of a column. @throws UnknownPathError, UnfitPathError */
  protected bare(path: string): CompiledExpression {
    const annotation = this.annotations.find(path);
    if (!annotation) return this.inGroup(path, this.isGiven(path) ? this.names.given!.value(path) : this.column(path));
    const reach = annotation.grouped ? 'group' : 'related';
    const value = this.annotations.value(path) ?? this.before(annotation).within(reach).compile(annotation.expression);
    return annotation.grouped ? value : this.inGroup(path, value);
  }

  /** The same names, some of which are others. */
  protected with(names: Partial<CompilerNames>): ExpressionCompiler {
    return new ExpressionCompiler(this.scope, { ...this.names, ...names });
  }

  private crossingAt(path: string): Crossing | undefined {
    const start = this.split(path).path;
    if (this.knows(start)) return undefined;
    this.refuse(start);
    return crossingOf(parsePath(this.scope.model, start).target.hops);
  }

  private isGiven(path: string): boolean {
    return this.names.given?.has(path) ?? false;
  }

  private column(path: string): CompiledExpression {
    this.refuse(path);
    const { target, keys } = parsePath(this.scope.model, path);
    if (keys.length > 0) return valueAt(this.columnAt(target), keys, this.dialect);
    if (target.columns.length > 1)
      throw new UnfitPathError(this.scope.model.name, path, 'has a key of several columns', 'Name one of them');
    refuseEncrypted(target, 'compute with it');
    return this.columnAt(target);
  }
}
