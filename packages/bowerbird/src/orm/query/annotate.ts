import { checkedName } from './checked-name.js';
import { type Annotated } from './compile/annotations.js';
import { isAggregate } from './expressions/aggregates.js';
import { TruthExpression } from './expressions/conditional.js';
import { Expression } from './expressions/expression.js';
import { type Annotation } from './expressions/expression.types.js';
import { joinedNames } from './joined-state.js';
import { whereOf } from './q.js';
import { type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';

/**
 * A state with more named expressions. Aggregates behind `values()` make its names those of groups.
 * @throws QueryUsageError for a name that lookups could not tell from others
 */
export function annotated<S extends QueryState>(
  state: S,
  annotations: Readonly<Record<string, Annotation>>,
  selected: boolean,
): S {
  if (state.shape.type === 'flat')
    throw new QueryUsageError('annotate() cannot follow flat()', { hint: 'Use values(), or call annotate() before' });
  const named = Object.entries(annotations).map(
    ([name, value]) => [checkedName(name, 'an annotation'), expressionOf(value)] as const,
  );
  const taken = named.find(([name]) => joinedNames(state).includes(name))?.[0];
  if (taken !== undefined)
    throw new QueryUsageError(`The query has joined something called "${taken}" already`, {
      hint: 'Give the annotation a name of its own',
    });
  const groups = state.shape.type === 'values' && named.some(([, expression]) => isAggregate(expression));
  const groupBy = state.groupBy ?? (groups && state.shape.type === 'values' ? state.shape.paths : null);
  const grouped = groupBy !== null;
  const more = named.map(([name, expression]): Annotated => ({ name, expression, selected, grouped }));
  return { ...state, groupBy, annotations: [...state.annotations, ...more] };
}

/** Expressions by name; the truth of a condition is one too. */
export function expressionsOf(values: Readonly<Record<string, Annotation>>): Record<string, Expression> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [checkedName(name, 'an annotation'), expressionOf(value)]),
  );
}

/** A state that selects some names, and none of its annotations but those among them. */
export function selecting<S extends QueryState>(state: S, shape: QueryState['shape']): S {
  const annotations = state.annotations.map((annotation) => ({ ...annotation, selected: false }));
  return { ...state, shape, annotations };
}

function expressionOf(value: Annotation): Expression {
  return value instanceof Expression ? value : new TruthExpression(whereOf(value));
}
