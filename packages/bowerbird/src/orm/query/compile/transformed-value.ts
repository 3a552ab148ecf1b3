import { type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { isDatePart, partNames, partOf } from '../lookups/date-parts.js';
import { type Transform } from '../lookups/transform.js';
import { findTransform, transformNames } from '../lookups/transforms.js';
import { QueryUsageError, UnknownTransformError } from '../query.errors.js';
import { partedKind } from './parted.js';

/** A path, and the names of what is made of its value, one of the other: `createdAt__date__year`. */
export interface TransformedPath {
  readonly path: string;
  readonly transforms: readonly string[];
}

/** What a name makes of a value. */
export interface MadeValue {
  readonly value: CompiledExpression;
  /** Absent for a part of a date. */
  readonly transform?: Transform;
}

/** What a transform, or a part of a date, makes of a value; undefined for a name that is neither. @throws QueryUsageError */
export function madeOf(
  value: CompiledExpression,
  name: string,
  { dialect, zone }: Pick<ExpressionContext, 'dialect' | 'zone'>,
): MadeValue | undefined {
  const { kind, sql: from, nullable } = value;
  if (isDatePart(name, kind)) return { value: { ...partOf({ kind, sql: from, dialect, zone }, name), nullable } };
  const transform = findTransform(name, { kind, dialect });
  if (!transform) return undefined;
  transform.forValues?.(dialect);
  return { transform, value: { sql: transform.compile(from, dialect), kind: transform.result, nullable: true } };
}

/** What transforms make of the value at their path. @throws UnknownTransformError, QueryUsageError */
export function transformedValue(
  value: CompiledExpression,
  { path, transforms }: TransformedPath,
  context: Pick<ExpressionContext, 'dialect' | 'zone'>,
): CompiledExpression {
  const [name, ...rest] = transforms;
  if (name === undefined) return value;
  if (value.document)
    throw new QueryUsageError(`"${path}" is a vector, of which nothing is made`, {
      hint: 'Search it by SearchRank() and the lookup search',
    });
  if (value.references && !/(^|\.)pk$/.test(path)) throw new UnknownTransformError(path, name, []);
  const made = partedKind(value)?.part(value, name, context.dialect) ?? madeOf(value, name, context)?.value;
  if (made) return transformedValue(made, { path: `${path}__${name}`, transforms: rest }, context);
  throw new UnknownTransformError(path, name, namesFor(value, context));
}

function namesFor(value: CompiledExpression, { dialect }: Pick<ExpressionContext, 'dialect'>): string[] {
  const { kind } = value;
  return [...(partedKind(value)?.parts ?? []), ...partNames(kind), ...transformNames({ kind, dialect })];
}
