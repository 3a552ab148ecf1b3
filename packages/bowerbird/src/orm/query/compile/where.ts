import { isAggregate } from '../expressions/aggregates.js';
import { OrderBy, PathExpression, type CompiledExpression, type Expression } from '../expressions/expression.js';
import { orderByOf } from '../expressions/order-by.js';
import { isWindowed, RowNumber, Window } from '../expressions/window.js';
import { resolvePath, tryResolvePath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { type QueryState } from '../query-state.js';
import { join, list, raw, sql, type Sql } from '../sql/sql.js';
import { Annotations, type Annotated } from './annotations.js';
import { parseAnnotated } from './condition-tree.js';
import { compileCondition } from './condition.js';
import { crossingName, ExpressionCompiler, pathsOf, type BoundRows } from './expression-compiler.js';
import { GroupJoins } from './group-joins.js';
import { JoinScope } from './join-scope.js';
import { allOf, ALWAYS, isAlways, type Predicate } from './predicate.js';
import { splitWhere, type WherePicker } from './split-where.js';

/** The name of the row numbers that `distinctOn` counts; no property has it. */
const PLACE = ' place';

/** The conditions of a query: of its rows, of its groups, and of windows over its rows. */
interface Conditions {
  readonly rows: readonly Where[];
  readonly groups: readonly Where[];
  readonly windows: readonly Where[];
}

/** The compiler of a statement's expressions, made once for its scope. */
export function compilerOf(scope: JoinScope, state: QueryState): ExpressionCompiler {
  return (scope.compiler ??= makeCompiler(scope, state));
}

/** The conditions of the rows of a query. */
export function compileWhere(scope: JoinScope, state: QueryState, more: readonly Predicate[] = []): Predicate {
  const compiler = compilerOf(scope, state).within('related').over(new Map());
  const { rows, windows } = conditionsOf(scope, state);
  const own = [...ownRows(scope), ...scopedRows(scope, state)];
  return allOf([...own, ...[...rows, ...windows].map((where) => compileCondition(compiler, where)), ...more]);
}

/** The conditions of the groups of a query. */
export function compileHaving(scope: JoinScope, state: QueryState): Predicate {
  if (!state.groupBy) return ALWAYS;
  const compiler = compilerOf(scope, state);
  return allOf(conditionsOf(scope, state).groups.map((where) => compileCondition(compiler, where)));
}

/** ` WHERE …`, or nothing when every row matches. */
export function clause(keyword: string, predicate: Predicate): Sql {
  return isAlways(predicate) ? raw('') : sql`${raw(` ${keyword} `)}${predicate.sql}`;
}

function makeCompiler(scope: JoinScope, state: QueryState): ExpressionCompiler {
  const all = [...state.annotations, ...placeOf(scope, state)];
  const apart = conditionsOf(scope, state).windows.length > 0 || state.seek !== null;
  const windowed = apart && all.some(({ expression }) => isWindowed(expression));
  const derived = windowed ? deriveWindows(scope, state, all) : new Map<string, CompiledExpression>();
  const reach = state.groupBy ? 'group' : 'related';
  return new ExpressionCompiler(scope, {
    annotations: new Annotations(all, derived),
    outer: scope.outer,
    reach,
    bound: joinedByGroups(scope, state),
    joins: state.groupBy ? new GroupJoins() : undefined,
  });
}

/** The relations to many whose rows the groups are made of. */
function joinedByGroups({ model }: JoinScope, { groupBy }: QueryState): BoundRows {
  const paths = (groupBy ?? []).map((path) => tryResolvePath(model, path)?.hops ?? []);
  const crossing = paths.map((hops) => ({ hops, many: hops.findIndex((hop) => hop.many) }));
  return new Map(
    crossing.filter(({ many }) => many >= 0).map(({ hops, many }) => [crossingName(hops, many), 'joined']),
  );
}

/** `distinctOn` keeps the rows that are the first among their equals. */
function placeOf(scope: JoinScope, { distinctOn, order, reversed }: QueryState): Annotated[] {
  if (!distinctOn) return [];
  const terms = (order ?? scope.model.description.ordering).map((term) => directed(term, reversed));
  const keys = scope.model.primary.map(({ path }) => new OrderBy(new PathExpression(path), false, undefined));
  const expression = Window(RowNumber(), { partitionBy: distinctOn, orderBy: [...terms, ...keys] });
  return [{ name: PLACE, expression, selected: false, grouped: false }];
}

function directed(term: string | OrderBy, reversed: boolean): OrderBy {
  const given = orderByOf(term);
  if (!reversed) return given;
  const nulls = given.nulls && (given.nulls === 'first' ? 'last' : 'first');
  return new OrderBy(given.expression, !given.descending, nulls);
}

function conditionsOf(scope: JoinScope, state: QueryState): Conditions {
  const places: readonly Where[] = state.distinctOn ? [{ op: 'lookups', lookups: { [PLACE]: 1 } }] : [];
  if (state.annotations.length === 0) return { rows: state.where, groups: [], windows: places };
  const annotations = new Annotations(state.annotations);
  const windows = state.where.map((where) => splitWhere(where, pickerOf(annotations, isWindowed)));
  const rest = windows.flatMap(({ others }) => others);
  const groups = rest.map((where) => splitWhere(where, pickerOf(annotations, isAggregate)));
  const grouped = state.groupBy !== null;
  return {
    rows: grouped ? groups.flatMap(({ others }) => others) : rest,
    groups: grouped ? groups.flatMap(({ picked }) => picked) : [],
    windows: [...windows.flatMap(({ picked }) => picked), ...places],
  };
}

/** Picks what speaks of annotations, or is an expression, that pass a test, by itself or through others. */
function pickerOf(annotations: Annotations, test: (expression: Expression) => boolean): WherePicker {
  const known = (name: string): boolean => annotations.find(name) !== undefined;
  const passes = (expression: Expression, names: Annotations): boolean =>
    test(expression) ||
    pathsOf(expression).some((path) => {
      const annotation = names.find(path);
      return annotation !== undefined && passes(annotation.expression, names.before(annotation));
    });
  return {
    lookup(key) {
      const annotation = annotations.find(parseAnnotated(key, known)?.[0] ?? '');
      return annotation !== undefined && passes(annotation.expression, annotations.before(annotation));
    },
    expression: ({ expression }) => passes(expression, annotations),
  };
}

/**
 * Windows range over the rows that the other conditions leave, before those on windows themselves: a joined subquery
 * works them out, and the statement reads them from there.
 */
function deriveWindows(
  scope: JoinScope,
  state: QueryState,
  all: readonly Annotated[],
): ReadonlyMap<string, CompiledExpression> {
  const inner = new JoinScope(scope.model, scope.aliases, undefined, scope.outer);
  const before = { ...state, where: conditionsOf(scope, state).rows, distinctOn: null };
  inner.compiler = new ExpressionCompiler(inner, {
    annotations: new Annotations(all),
    outer: scope.outer,
    reach: 'related',
    bound: new Map(),
  });
  const alias = scope.aliases.take();
  const keys = scope.model.primary.map((column, index) => ({ column, name: raw(`k${index}`) }));
  const windows = all.filter(({ expression }) => isWindowed(expression));
  const values = windows.map(({ name }, index) => ({
    name,
    alias: raw(`w${index}`),
    value: inner.compiler!.path(name),
  }));
  const selected = join(
    [
      ...keys.map(({ column, name }) => sql`${inner.joinedColumn([], column)} AS ${name}`),
      ...values.map(({ alias: place, value }) => sql`${value.sql} AS ${place}`),
    ],
    ', ',
  );
  const where = compileWhere(inner, before);
  const tie = keys.map(({ column, name }) => sql`${raw(alias)}.${name} = ${scope.joinedColumn([], column)}`);
  const body = sql`SELECT ${selected} FROM ${inner.from()}${clause('WHERE', where)}`;
  scope.joinDerived(sql` INNER JOIN (${body}) AS ${raw(alias)} ON ${join(tie, ' AND ')}`);
  return new Map(values.map(({ name, alias: place, value }) => [name, { ...value, sql: sql`${raw(alias)}.${place}` }]));
}

/** The rows of an entity that shares the table of another one: those with its discriminator or one below it. */
function ownRows(scope: JoinScope): Predicate[] {
  const { metadata } = scope.model;
  const { discriminatorColumn, parentEntityMetadata, childEntityMetadatas } = metadata;
  if (!discriminatorColumn || !parentEntityMetadata) return [];
  const values = [metadata, ...childEntityMetadatas].map(({ discriminatorValue }) => discriminatorValue);
  const column = scope.column([], scope.model.column(discriminatorColumn));
  return [{ sql: sql`${column.sql} IN ${list(values)}`, certain: !column.nullable }];
}

/** The default scopes of the entity that the query does not leave out. */
function scopedRows(scope: JoinScope, { unscoped }: QueryState): Predicate[] {
  if (unscoped === 'all') return [];
  const scopes = scope.model.description.scopes.filter(({ name }) => !unscoped.includes(name));
  const plain = new ExpressionCompiler(scope, {
    annotations: Annotations.none,
    outer: undefined,
    reach: 'related',
    bound: new Map(),
  });
  return scopes.map(({ where }) => compileCondition(plain, where()));
}

/** The columns by which rows are grouped: those of the paths, in their order. */
export function groupColumns(scope: JoinScope, state: QueryState): readonly Sql[] {
  const compiler = compilerOf(scope, state);
  return (state.groupBy ?? []).flatMap((path) => {
    const alias = compiler.selected.get(path);
    if (compiler.annotations.find(path)) return [alias ? raw(alias) : compiler.path(path).sql];
    const target = resolvePath(scope.model, path);
    return target.columns.map((column) => scope.column(target.hops, column).sql);
  });
}
