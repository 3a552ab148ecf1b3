import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { databaseRange, rangeOf, type NumberRange } from '../../describe/column-range.js';
import { fixDecimal } from '../../describe/decimal.js';
import { type FieldKind } from '../../describe/entity-description.js';
import { declaredColumn } from '../../describe/portable-columns.js';

/** What a column holds beside its kind: so many characters, such numbers. */
export interface ColumnLimit {
  /** What a message says that the column takes. */
  readonly expects: string;
  /** Whether a value of the column's kind fits. */
  readonly holds: (value: unknown) => boolean;
}

const SINGLE_PRECISION: ReadonlySet<string> = new Set(['real', 'float4']);

const LIMITS: Partial<Readonly<Record<FieldKind, (metadata: ColumnMetadata) => ColumnLimit | undefined>>> = {
  string: textLimit,
  integer: (metadata) => numberLimit(rangeOf(metadata)),
  bigint: (metadata) => numberLimit(rangeOf(metadata)),
  float: floatLimit,
  decimal: decimalLimit,
};

/**
 * What a column holds beside its kind; undefined where its kind says it all. The same on every database, unless the
 * column has a type of its own on one of them. Columns of an adopted data source's own entities hold what their
 * database says.
 */
export function limitOf(metadata: ColumnMetadata, kind: FieldKind): ColumnLimit | undefined {
  return LIMITS[kind]?.(originOf(metadata));
}

/** What a database can compare a column with; undefined where it compares with every value of the kind. */
export function comparableLimit(metadata: ColumnMetadata, kind: FieldKind): ColumnLimit | undefined {
  if (isSqlite(metadata)) return undefined;
  if (kind === 'float') return floatLimit(metadata);
  return kind === 'integer' ? numberLimit(databaseRange(metadata)) : undefined;
}

/** The most characters of a column of text; undefined where its database sets no limit. */
export function lengthOf(metadata: ColumnMetadata): number | undefined {
  const declared = declaredColumn(metadata);
  if (!declared && isSqlite(metadata)) return undefined;
  const exact = isSqlite(metadata) ? undefined : declared?.exact;
  if (exact !== undefined) return Number(/char[\w ]*\((\d+)\)/i.exec(exact)?.[1]) || undefined;
  const { driver } = metadata.entityMetadata.dataSource;
  return Number(declared ? metadata.length : driver.getColumnLength(metadata)) || undefined;
}

/** The column that a foreign key refers to in the end: the one whose type was declared. */
function originOf(metadata: ColumnMetadata): ColumnMetadata {
  return metadata.isVirtual && metadata.referencedColumn ? originOf(metadata.referencedColumn) : metadata;
}

function textLimit(metadata: ColumnMetadata): ColumnLimit | undefined {
  const most = lengthOf(metadata);
  return most === undefined
    ? undefined
    : { expects: `text of at most ${most} characters`, holds: (value) => isWithin(value as string, most) };
}

/** Databases count code points; a text has at least half as many as JavaScript says. */
function isWithin(text: string, most: number): boolean {
  if (text.length <= most) return true;
  return text.length <= 2 * most && Array.from(text).length <= most;
}

function numberLimit(range: NumberRange | undefined): ColumnLimit | undefined {
  if (!range) return undefined;
  const [least, most] = range;
  return {
    expects: `an integer from ${least} to ${most}`,
    holds: (value) => {
      const number = typeof value === 'string' ? BigInt(value) : (value as number);
      return number >= least && number <= most;
    },
  };
}

function floatLimit(metadata: ColumnMetadata): ColumnLimit | undefined {
  if (isSqlite(metadata) || !SINGLE_PRECISION.has(typeName(metadata))) return undefined;
  return {
    expects: 'a number of single precision',
    holds: (value) => Number.isFinite(Math.fround(value as number)),
  };
}

/** What is behind the last digit of the column is rounded; the digits before the point have to fit. */
function decimalLimit(metadata: ColumnMetadata): ColumnLimit | undefined {
  const digits = decimalDigits(metadata);
  if (!digits) return undefined;
  const { precision, scale } = digits;
  const before = Math.max(0, precision - scale);
  return {
    expects: `a decimal number with at most ${before} digits before the point`,
    holds: (value) => {
      const [whole] = fixDecimal(value as string, scale).split('.') as [string];
      return whole.replace(/^[+-]?0*/, '').length <= before;
    },
  };
}

/** The digits of a column of decimals; undefined where its database sets no limit. */
export function decimalDigits(
  metadata: ColumnMetadata,
): { readonly precision: number; readonly scale: number } | undefined {
  const declared = declaredColumn(metadata);
  const { precision, scale } = metadata;
  if (!declared && isSqlite(metadata)) return undefined;
  const exact = isSqlite(metadata) ? undefined : declared?.exact;
  if (exact === undefined) return typeof precision === 'number' ? { precision, scale: scale ?? 0 } : undefined;
  const sizes = /\((\d+)(?:, *(\d+))?\)/.exec(exact);
  return sizes ? { precision: Number(sizes[1]), scale: Number(sizes[2] ?? 0) } : undefined;
}

function typeName(metadata: ColumnMetadata): string {
  return metadata.entityMetadata.dataSource.driver.normalizeType(metadata);
}

function isSqlite({ entityMetadata }: ColumnMetadata): boolean {
  return entityMetadata.dataSource.options.type === 'better-sqlite3';
}
