import { checkedName } from './checked-name.js';
import { Annotations, type Annotated } from './compile/annotations.js';
import { parseAnnotated } from './compile/condition-tree.js';
import { hasTrait } from './compile/picker.js';
import { mentions } from './compile/split-where.js';
import { namesIn } from './compile/where-expressions.js';
import { isAggregate } from './expressions/aggregates.js';
import { TruthExpression } from './expressions/conditional.js';
import { Expression, someExpression } from './expressions/expression.js';
import { type Annotation } from './expressions/expression.types.js';
import { isWindowed } from './expressions/window.js';
import { joinedNames } from './joined-state.js';
import { type EntityModel } from './model/entity-model.js';
import { tryResolvePath } from './model/resolve-path.js';
import { whereOf } from './q.js';
import { type QueryState } from './query-state.js';
import { QueryUsageError } from './query.errors.js';

/**
 * A state with more named expressions. Aggregates behind `values()` make its names those of groups.
 * @throws QueryUsageError for a name that lookups could not tell from others
 */
export function annotated<S extends QueryState>(
  model: EntityModel,
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
  for (const [name] of named) refuseSpokenOf(model, state, name);
  const groups = state.shape.type === 'values' && named.some(([, expression]) => isAggregate(expression));
  const groupBy = state.groupBy ?? (groups && state.shape.type === 'values' ? state.shape.paths : null);
  const start = { ...state, groupBy };
  return named.reduce((before, [name, expression]) => withAnnotation(before, { name, expression, selected }), start);
}

/** @throws QueryUsageError for a name that conditions before it mean something else by */
function refuseSpokenOf(model: EntityModel, { where, joins, annotations }: QueryState, name: string): void {
  const hides = annotations.some((other) => other.name === name) || tryResolvePath(model, name) !== undefined;
  const named = (path: string): boolean => parseAnnotated(path, (start) => start === name) !== undefined;
  const picker = { lookup: named, expression: (expression: Expression) => namesIn(expression).some(named) };
  if (!hides || ![...where, ...joins.map(({ on }) => on)].some((condition) => mentions(condition, picker))) return;
  throw new QueryUsageError(`Conditions of the query speak of another "${name}" already`, {
    hint: 'Give the annotation a name of its own, or call filter() and join() behind it',
  });
}

/** What groups select beside their aggregates is the same for all rows of one: it is one of the keys. */
function withAnnotation<S extends QueryState>(state: S, annotation: Omit<Annotated, 'grouped'>): S {
  const { groupBy } = state;
  const { name, expression, selected } = annotation;
  const isKey = groupBy !== null && selected && ofRows(expression, new Annotations(state.annotations));
  const annotations = [...state.annotations, { ...annotation, grouped: groupBy !== null && !isKey }];
  return { ...state, annotations, groupBy: isKey ? [...groupBy, name] : groupBy };
}

/** Whether an expression is worked out for each row, and may differ from one to another. */
function ofRows(expression: Expression, annotations: Annotations): boolean {
  if (hasTrait(expression, annotations, { test: isAggregate, counts: ({ grouped }) => grouped })) return false;
  return (
    !isWindowed(expression) &&
    someExpression(expression, ({ paths, conditions }) => paths.length + conditions.length > 0)
  );
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
