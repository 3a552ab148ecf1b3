import { type Expression } from '../expressions/expression.js';
import { type Annotated, type Annotations } from './annotations.js';
import { parseAnnotated } from './condition-tree.js';
import { pathsOf } from './crossings.js';
import { mentions, type WherePicker } from './split-where.js';

/** A property of expressions, and the annotations through which it is passed on; all unless told otherwise. */
export interface Trait {
  test(expression: Expression): boolean;
  counts?(annotation: Annotated): boolean;
}

/** Whether an expression has a trait, by itself or through the annotations that it names. */
export function hasTrait(expression: Expression, annotations: Annotations, trait: Trait): boolean {
  if (trait.test(expression)) return true;
  const picker = pickerOf(annotations, trait);
  return (
    [...new Set(pathsOf(expression))].some((path) => picker.lookup(path)) ||
    conditionsOf(expression).some((where) => mentions(where, picker))
  );
}

/** Picks lookups of annotations with a trait, or of values with it, and expressions that have it. */
export function pickerOf(annotations: Annotations, trait: Trait): WherePicker {
  const known = (name: string): boolean => annotations.find(name) !== undefined;
  return {
    lookup(key) {
      const annotation = annotations.find(parseAnnotated(key, known)?.[0] ?? '');
      if (!annotation || !(trait.counts?.(annotation) ?? true)) return false;
      return hasTrait(annotation.expression, annotations.before(annotation), trait);
    },
    expression: (expression) => hasTrait(expression, annotations, trait),
  };
}

function conditionsOf(expression: Expression): Expression['conditions'] {
  return [...expression.conditions, ...expression.parts.flatMap(conditionsOf)];
}
