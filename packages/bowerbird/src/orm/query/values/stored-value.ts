import { FrameworkError } from '#core';

import { pathOf } from '../../describe/describe-relation.js';
import { adaptedKind, enumValues } from '../../describe/portable-columns.js';
import { DecimalPrecisionError } from '../../orm.errors.js';
import { Expression } from '../expressions/expression.js';
import { coerce, expectation } from '../lookups/coerce.js';
import { type ColumnModel } from '../model/entity-model.js';
import { MisplacedExpressionError } from '../query.errors.js';
import { jsonText } from './json-text.js';
import { persistedValue } from './persisted-value.js';
import { quickValue } from './quick-values.js';
import { isSecretColumn, refuseOthers, unfit } from './unfit.js';

/** Makes what is stored of the value of a property. @throws BadLookupValueError when it does not fit the column */
export type Store = (value: unknown) => unknown;

/**
 * The one check of written values: every way to store a row goes through it. `path` is how messages name the property.
 * Null passes: a column that must have a value has the database refuse it.
 */
export function storerOf(column: ColumnModel, path = pathOf(column.metadata)): Store {
  const { metadata, kind } = column;
  const slow = slowStorerOf(column, path);
  const quick = metadata.transformer || adaptedKind(metadata) !== kind ? undefined : quickValue(column);
  return quick ? (value) => quick(value) ?? slow(value) : slow;
}

/** What is stored of a value, where it may not be missing either. @throws BadLookupValueError */
export function assignedValue(column: ColumnModel, value: unknown, path: string): unknown {
  if (value === null && column.nullable) return null;
  if (value === undefined || value === null) throw unfit(column, path, value, expectation(column.kind));
  return slowStorerOf(column, path)(value);
}

function slowStorerOf(column: ColumnModel, path: string): Store {
  const { metadata } = column;
  const convert = converterFor(column, path);
  return (value) => {
    if (value === null) return metadata.transformer ? persistedValue(metadata, null) : null;
    if (value instanceof Expression) throw new MisplacedExpressionError(metadata.entityMetadata.name, path);
    return convert(value);
  };
}

function converterFor(column: ColumnModel, path: string): Store {
  const { metadata, kind } = column;
  const persist: Store = (value) => hidingDigits(column, path, () => persistedValue(metadata, value));
  if (metadata.transformer) return transformerOf(column, path, persist);
  // Types that only one database has take whatever it understands.
  if (column.field?.nativeType !== undefined && (kind === 'string' || kind === 'json')) return persist;
  if (kind === 'json') return metadata.isArray ? persist : (value) => jsonText(column, path, value, persist);
  const check = checkerOf(column, path);
  return (value) => persist(check(value));
}

/** A value in the form of the column's kind, within its limits. */
function checkerOf(column: ColumnModel, path: string): Store {
  const { kind, metadata } = column;
  const choices = enumValues(metadata);
  const { limit } = column;
  return (value) => {
    const fitting = coerce(kind, value);
    if (fitting === undefined) throw unfit(column, path, value, expectation(kind));
    if (choices) refuseOthers(column, path, choices, fitting, unfit);
    if (limit && !limit.holds(fitting)) throw unfit(column, path, value, limit.expects);
    return fitting;
  };
}

/** A value transformer decides what the property takes; what it makes of it must fit the column. */
function transformerOf(column: ColumnModel, path: string, persist: Store): Store {
  const check = column.kind === 'json' ? undefined : checkerOf(column, path);
  return (value) => {
    const stored = transformed(column, path, value, persist);
    if (stored !== null && stored !== undefined) check?.(stored);
    return stored;
  };
}

function transformed(column: ColumnModel, path: string, value: unknown, persist: Store): unknown {
  try {
    return persist(value);
  } catch (error) {
    if (error instanceof FrameworkError) throw error;
    throw unfit(column, path, value, 'a value that its transformer accepts', { cause: error });
  }
}

/** SQLite's limit of digits is checked where decimals are made; its message must not tell a secret either. */
function hidingDigits(column: ColumnModel, path: string, work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof DecimalPrecisionError) || !isSecretColumn(column)) throw error;
    throw new DecimalPrecisionError(path, 'a value that is not shown', error.digits);
  }
}
