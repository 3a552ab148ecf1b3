import { Expression } from '../expressions/expression.js';
import { type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';

/** Every expression of a condition, with its parts and those of the conditions in it. */
export function* expressionsIn(where: Where): Generator<Expression, void, undefined> {
  if (where.op === 'not') yield* expressionsIn(where.part);
  else if (where.op === 'expression') yield* withParts(where.expression);
  else if (where.op === 'lookups') {
    for (const value of Object.values(where.lookups).flat()) if (value instanceof Expression) yield* withParts(value);
  } else for (const part of where.parts) yield* expressionsIn(part);
}

function* withParts(expression: Expression): Generator<Expression, void, undefined> {
  yield expression;
  for (const part of expression.parts) yield* withParts(part);
  for (const where of expression.conditions) yield* expressionsIn(where);
}

/** Databases work windows out after joining. */
export function windowedJoin(): QueryUsageError {
  return new QueryUsageError('Rows cannot be joined by values of windows', {
    hint: 'Select them by values() and join to asTable() of that',
  });
}
