import { checkedName } from './checked-name.js';
import { expressionsIn, windowedJoin } from './compile/where-expressions.js';
import { isWindowed } from './expressions/window.js';
import { type EntityModel } from './model/entity-model.js';
import { whereOf } from './q.js';
import { QueryHandle } from './query-handle.js';
import { unscopedState, type JoinedSource, type JoinKind, type Origin, type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';

const KINDS: ReadonlySet<string> = new Set<JoinKind>(['inner', 'left', 'right', 'full']);

/** What a join is told, not yet checked. */
export interface JoinRequest {
  readonly name: string;
  readonly source: unknown;
  readonly options: { readonly on: object; readonly kind?: JoinKind };
}

/** The names of what a query has joined. */
export function joinedNames({ narrowed, joins, origin }: QueryState): string[] {
  return [...narrowed, ...joins, ...(origin?.type === 'pairs' ? [origin.joined] : [])].map(({ name }) => name);
}

/** The names that a query has given to something, or that were given before its rows became a table. */
function namesOf({ annotations, narrowed, joins, origin }: QueryState): string[] {
  return [...annotations, ...narrowed, ...joins].map(({ name }) => name).concat(origin?.names ?? []);
}

/** @throws QueryUsageError for a name that something of the query has already, or that lookups could not tell apart */
export function freeName(model: EntityModel, state: QueryState, name: string): string {
  const own = state.origin?.type === 'rows' ? [] : model.knownNames();
  const taken = [...own, ...namesOf(state)];
  if (!taken.some((other) => other === name || other.startsWith(`${name}.`))) return checkedName(name, 'a join');
  throw new QueryUsageError(`A query of ${model.name} has something called "${name}" already`, {
    hint: 'Give what is joined a name of its own',
  });
}

/** A join whose parts are checked as far as they can be without its statement. @throws QueryUsageError */
export function joinedSource(model: EntityModel, state: QueryState, request: JoinRequest): JoinedSource {
  const { source, options } = request;
  const { on, kind = 'inner' } = options;
  if (!(source instanceof QueryHandle)) throw unfit('a query', 'querySet(Rate), or one of values()');
  if (typeof on !== 'object' || on === null) throw unfit('a condition', "{ on: { currency: F('rate.currency') } }");
  if (!KINDS.has(kind)) throw unfit(`one of the kinds ${[...KINDS].join(', ')}`, "{ kind: 'left' }");
  const where = whereOf(on);
  if ([...expressionsIn(where)].some(isWindowed)) throw windowedJoin();
  return { name: freeName(model, state, request.name), kind, source, on: where };
}

function unfit(what: string, example: string): QueryUsageError {
  return new QueryUsageError(`join() takes ${what}`, { hint: `For example ${example}` });
}

/** @throws QueryUsageError for rows of which something was selected, sliced or left out already */
export function refuseSelected({ shape, groupBy, distinct, distinctOn, origin, lock }: QueryState): void {
  if ((shape.type === 'entity' || origin) && !groupBy && !distinct && !distinctOn && !lock) return;
  throw new QueryUsageError('join() takes the rows of a query before values(), distinct() and selectForUpdate()', {
    hint: 'Call it earlier, or make a table of the query with asTable()',
  });
}

/** The state of the pairs of a right or a full join: what the query says already is of its own rows. */
export function pairsState<S extends QueryState>(state: S, left: QueryHandle, joined: JoinedSource): S {
  const origin: Origin = { type: 'pairs', left, joined, names: [...namesOf(state), joined.name] };
  const { order, reversed, zone } = state;
  return { ...(unscopedState(state.entity) as S), order, reversed, zone, origin, shape: { type: 'pairs' } };
}

/** The state of a query over the rows of another one. */
export function tableState<S extends QueryState>(state: S, source: QueryHandle, names: readonly string[]): S {
  const origin: Origin = { type: 'rows', source, names };
  const plain = unscopedState(state.entity) as S;
  return { ...plain, order: [], zone: state.zone, origin, shape: { type: 'values', paths: names } };
}
