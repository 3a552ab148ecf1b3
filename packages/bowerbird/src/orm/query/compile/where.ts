import { isAggregate } from '../expressions/aggregates.js';
import { OrderBy, PathExpression, type CompiledExpression } from '../expressions/expression.js';
import { orderByOf } from '../expressions/order-by.js';
import { isWindowed, RowNumber, Window } from '../expressions/window.js';
import { tryParsePath, tryResolvePath } from '../model/resolve-path.js';
import { type Where } from '../q.js';
import { type QueryState } from '../query-state.js';
import { QueryUsageError } from '../query.errors.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { Annotations, type Annotated } from './annotations.js';
import { compileCondition } from './condition.js';
import { crossingName, crossingOf, joinedRows, type BoundRows } from './crossings.js';
import { ExpressionCompiler } from './expression-compiler.js';
import { GroupJoins } from './group-joins.js';
import { GroupKeys } from './group-keys.js';
import { JoinScope } from './join-scope.js';
import { JoinedTables, keepsRows } from './joined-tables.js';
import { givenRows } from './own-rows.js';
import { pickerOf, type Trait } from './picker.js';
import { allOf, ALWAYS, isAlways, type Predicate } from './predicate.js';
import { type GivenNames } from './source-table.js';
import { mentions, splitWhere } from './split-where.js';
import { isSingle } from './unique-names.js';
import { windowedJoin } from './where-expressions.js';
import { zoneOf } from './zone-of.js';

/** The name of the row numbers that `distinctOn` counts; no property has it. */
const PLACE = ' place';

/** The conditions of a query: of its rows, of its groups, and of windows over its rows. */
interface Conditions {
  readonly rows: readonly Where[];
  readonly groups: readonly Where[];
  readonly windows: readonly Where[];
}

/** What is worked out of the rows of a group. */
const GROUPED: Trait = { test: isAggregate, counts: ({ grouped }) => grouped };

/** The compiler of a statement's expressions, made once for its scope. */
export function compilerOf(scope: JoinScope, state: QueryState): ExpressionCompiler {
  return (scope.compiler ??= makeCompiler(scope, state));
}

/** The conditions of the rows of a query. */
export function compileWhere(scope: JoinScope, state: QueryState, more: readonly Predicate[] = []): Predicate {
  const compiler = compilerOf(scope, state).within('related').over(new Map());
  const { rows, windows } = conditionsOf(scope, state);
  if (keepsRows(state) && asksPairs(state)) return allOf([amongPairs(scope, state), ...more]);
  const own = givenRows(scope, state);
  return allOf([...own, ...[...rows, ...windows].map((where) => compileCondition(compiler, where)), ...more]);
}

/** The conditions of the groups of a query. */
export function compileHaving(scope: JoinScope, state: QueryState): Predicate {
  if (!state.groupBy) return ALWAYS;
  const compiler = compilerOf(scope, state).amongColumns();
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
  const given = givenNames(scope, state);
  return new ExpressionCompiler(scope, {
    annotations: new Annotations(all, derived),
    outer: scope.outer,
    reach,
    bound: joinedByGroups(scope, state),
    joins: state.groupBy ? new GroupJoins(given?.multiplying(state.groupBy)) : undefined,
    given,
    group: state.groupBy ? new GroupKeys(scope, state.groupBy) : undefined,
    zone: zoneOf(scope.model.dialect, state),
  });
}

/** What is joined to the rows of a query, and what they are made of. */
function givenNames(scope: JoinScope, state: QueryState): GivenNames | undefined {
  if (state.joins.length === 0) return scope.given;
  refuseWindows(state);
  return JoinedTables.of(scope, state, (names) => scope.compiler!.given(names));
}

/** @throws QueryUsageError for joins by annotations that are windows, which databases work out after joining */
function refuseWindows({ joins, annotations }: QueryState): void {
  const picker = pickerOf(new Annotations(annotations), { test: isWindowed });
  if (joins.some(({ on }) => mentions(on, picker))) throw windowedJoin();
}

/** Whether some rows may have no pair that is wanted; left joins find one for each. */
function asksPairs({ joins, where }: QueryState): boolean {
  return where.length > 0 || joins.some(({ kind }) => kind === 'inner');
}

/** The rows of entities of which joins may find several pairs: those with a pair for which all conditions hold. */
function amongPairs(scope: JoinScope, state: QueryState): Predicate {
  const inner = new JoinScope(scope.model, scope.aliases, undefined, scope.outer);
  const pairs: QueryState = { ...state, shape: { type: 'pairs' }, order: [], seek: null, total: false };
  const where = compileWhere(inner, pairs);
  const keys = scope.model.primary.map((column) => inner.joinedColumn([], column));
  const own = scope.model.primary.map((column) => scope.joinedColumn([], column));
  const left = own.length === 1 ? own[0]! : sql`(${join(own, ', ')})`;
  const found = sql`SELECT ${join(keys, ', ')} FROM ${inner.from()}${clause('WHERE', where)}`;
  return { sql: sql`${left} IN (${found})`, certain: true };
}

/** The relations to many whose rows the groups are made of. */
function joinedByGroups({ model, given }: JoinScope, { groupBy }: QueryState): BoundRows {
  const own = (groupBy ?? []).filter((path) => !given?.has(path));
  const crossings = own.flatMap((path) => crossingOf(tryParsePath(model, path)?.target.hops ?? []) ?? []);
  return joinedRows(new Map(), crossings.map(crossingName));
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
  const windows = state.where.map((where) => splitWhere(where, pickerOf(annotations, { test: isWindowed })));
  const rest = windows.flatMap(({ others }) => others);
  const groups = rest.map((where) => splitWhere(where, pickerOf(annotations, GROUPED)));
  const grouped = state.groupBy !== null;
  return {
    rows: grouped ? groups.flatMap(({ others }) => others) : rest,
    groups: grouped ? groups.flatMap(({ picked }) => picked) : [],
    windows: [...windows.flatMap(({ picked }) => picked), ...places],
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
  refusePairs(scope, state);
  if (all.some(({ expression, grouped }) => grouped && isWindowed(expression)))
    throw new QueryUsageError('Groups are not filtered by windows over them', {
      hint: 'Select the windows by values() and ask asTable() of that',
    });
  const inner = new JoinScope(scope.model, scope.aliases, undefined, scope.outer);
  const before = { ...state, where: conditionsOf(scope, state).rows, distinctOn: null };
  inner.compiler = new ExpressionCompiler(inner, {
    annotations: new Annotations(all),
    outer: scope.outer,
    reach: 'related',
    bound: new Map(),
    given: givenNames(inner, before),
    zone: zoneOf(scope.model.dialect, state),
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
  const joined = sql` INNER JOIN (${body}) AS ${raw(alias)} ON ${join(tie, ' AND ')}`;
  scope.joinDerived({ needed: true, sql: () => joined });
  return new Map(values.map(({ name, alias: place, value }) => [name, { ...value, sql: sql`${raw(alias)}.${place}` }]));
}

/** @throws QueryUsageError for rows that no key tells apart, to which values of windows could not be tied */
function refusePairs(scope: JoinScope, { joins, groupBy }: QueryState): void {
  if (!scope.given && joins.every((joined) => isSingle(joined, groupBy ?? []))) return;
  throw new QueryUsageError('Rows that are put together by a query have no key by which windows could be asked', {
    hint: 'Select the windows by values() and ask asTable() of that',
  });
}

/** The columns by which rows are grouped: those of the paths, in their order. */
export function groupColumns(scope: JoinScope, state: QueryState): readonly Sql[] {
  const compiler = compilerOf(scope, state);
  return (state.groupBy ?? []).flatMap((path) => {
    const alias = compiler.selected.get(path);
    const target = compiler.knows(path) ? undefined : tryResolvePath(scope.model, path);
    if (!target) return [alias ? raw(alias) : compiler.path(path).sql];
    return target.columns.map((column) => scope.column(target.hops, column).sql);
  });
}
