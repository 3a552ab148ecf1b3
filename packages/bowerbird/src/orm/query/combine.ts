import { type Where } from './q.js';
import { type QueryHandle } from './query-handle.js';
import { unscopedState, type QueryState, type SetOperation } from './query-state.js';
import { QueryUsageError } from './query.errors.js';

/** A query with what it says. */
interface Part<E extends object> {
  readonly query: QueryHandle;
  readonly state: QueryState<E>;
}

/**
 * The state of a query for the rows of several. Rows of entities are told by their keys, so that the result is a query
 * like any other; rows of values are put together by the database.
 * @throws QueryUsageError for queries that do not go together
 */
export function combinedState<E extends object>(operation: SetOperation, parts: readonly Part<E>[]): QueryState<E> {
  const states = parts.map(({ state }) => state);
  const [first] = states;
  if (states.some(({ entity }) => entity !== first!.entity))
    throw new QueryUsageError('Queries of different entities cannot be put together', {
      hint: 'Select the values that they have in common by values() on untyped() queries',
    });
  if (states.every(({ shape }) => shape.type === 'entity')) return entityState(operation, parts);
  if (states.some(({ shape }) => shape.type === 'entity'))
    throw new QueryUsageError('Queries of entities and queries of values cannot be put together');
  if (states.some(({ compound }) => compound))
    throw new QueryUsageError('Queries that are put together already cannot be so again', {
      hint: 'Give all of them at once',
    });
  return { ...unscopedState(first!.entity), order: [], shape: first!.shape, compound: { operation, parts: states } };
}

function entityState<E extends object>(operation: SetOperation, parts: readonly Part<E>[]): QueryState<E> {
  if (operation === 'union-all')
    throw new QueryUsageError('An entity is in a result once', { hint: 'Use union(), or unionAll() after values()' });
  const { state } = parts[0]!;
  const among = parts.map(({ query }): Where => ({ op: 'lookups', lookups: { pk__in: query } }));
  return {
    ...unscopedState(state.entity),
    related: state.related,
    zone: state.zone,
    prefetch: state.prefetch,
    where: [joined(operation, among)],
  };
}

function joined(operation: SetOperation, [first, ...others]: readonly Where[]): Where {
  if (operation === 'union') return { op: 'or', parts: [first!, ...others] };
  const rest = operation === 'difference' ? others.map((part): Where => ({ op: 'not', part })) : others;
  return { op: 'and', parts: [first!, ...rest] };
}
