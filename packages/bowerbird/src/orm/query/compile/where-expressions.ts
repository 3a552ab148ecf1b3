import { Expression } from '../expressions/expression.js';
import { type Where } from '../q.js';
import { QueryUsageError } from '../query.errors.js';
import { ParsedQuery } from '../search/search-query.js';

/** Every expression of a condition, with its parts and those of the conditions in it. */
export function* expressionsIn(where: Where): Generator<Expression, void, undefined> {
  if (where.op === 'not') yield* expressionsIn(where.part);
  else if (where.op === 'expression') yield* withParts(where.expression);
  else if (where.op === 'lookups') {
    for (const value of Object.values(where.lookups)) for (const each of expressionsOf(value)) yield* withParts(each);
  } else for (const part of where.parts) yield* expressionsIn(part);
}

/** The expressions that the value of a lookup is made of. */
export function expressionsOf(value: unknown): readonly Expression[] {
  const members: readonly unknown[] = Array.isArray(value) ? value : [value];
  return members.flatMap((each) =>
    each instanceof ParsedQuery ? each.parts : each instanceof Expression ? [each] : [],
  );
}

function* withParts(expression: Expression): Generator<Expression, void, undefined> {
  yield expression;
  for (const part of expression.parts) yield* withParts(part);
  for (const where of expression.conditions) yield* expressionsIn(where);
}

/** The paths that an expression names, and the keys of lookups in its conditions. */
export function namesIn(expression: Expression): string[] {
  return [...withParts(expression)].flatMap(({ paths, conditions }) => [...paths, ...conditions.flatMap(keysIn)]);
}

function keysIn(where: Where): string[] {
  if (where.op === 'lookups') return Object.keys(where.lookups);
  if (where.op === 'expression') return [];
  return where.op === 'not' ? keysIn(where.part) : where.parts.flatMap(keysIn);
}

/** Databases work windows out after joining. */
export function windowedJoin(): QueryUsageError {
  return new QueryUsageError('Rows cannot be joined by values of windows', {
    hint: 'Select them by values() and join to asTable() of that',
  });
}
