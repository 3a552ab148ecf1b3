import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { type DescribedRange, type FieldKind } from './entity-description.js';
import { declaredColumn } from './portable-columns.js';

/** The least and the greatest of the numbers that a column holds. */
export type NumberRange = readonly [least: bigint, most: bigint];

const signed = (bits: number): NumberRange => [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
const INTEGER = signed(32);
const BIGINT = signed(64);

/** By the names of the types in any of the databases. */
const RANGES: ReadonlyMap<string, NumberRange> = new Map(
  Object.entries({
    tinyint: 8,
    smallint: 16,
    int2: 16,
    mediumint: 24,
    int: 32,
    integer: 32,
    int4: 32,
    bigint: 64,
    int8: 64,
  }).map(([name, bits]) => [name, signed(bits)]),
);

/** The numbers that a column of integers holds; undefined where its database sets no limit. */
export function rangeOf(metadata: ColumnMetadata): NumberRange | undefined {
  const declared = declaredColumn(metadata);
  if (!declared) return databaseRange(metadata);
  const exact = isSqlite(metadata) ? undefined : declared.exact;
  if (exact !== undefined) return namedRange(exact, / unsigned\b/i.test(exact));
  const physical = declared.kind === 'bigint' ? BIGINT : INTEGER;
  return narrower(physical, namedRange(declared.type, declared.unsigned) ?? physical);
}

/** The same by the type that the column has in its database, whatever was declared. */
export function databaseRange(metadata: ColumnMetadata): NumberRange | undefined {
  if (isSqlite(metadata)) return undefined;
  return namedRange(metadata.entityMetadata.dataSource.driver.normalizeType(metadata), metadata.unsigned);
}

/** The range as plain data, where it is not that of every column of the kind. */
export function describedRange(metadata: ColumnMetadata, kind: FieldKind): DescribedRange | undefined {
  const range = kind === 'integer' || kind === 'bigint' ? rangeOf(metadata) : undefined;
  const [least, most] = kind === 'bigint' ? BIGINT : INTEGER;
  if (!range || (range[0] === least && range[1] === most)) return undefined;
  const plain = (number: bigint): number | string => (kind === 'bigint' ? String(number) : Number(number));
  return Object.freeze([plain(range[0]), plain(range[1])] as const);
}

/** The range of a type by its name, as DDL writes it. */
function namedRange(type: string, unsigned: boolean): NumberRange | undefined {
  const range = RANGES.get(type.toLowerCase().replace(/[ (].*$/, ''));
  return range && unsigned ? [0n, range[1] - range[0]] : range;
}

function narrower([least, most]: NumberRange, [from, to]: NumberRange): NumberRange {
  return [from > least ? from : least, to < most ? to : most];
}

function isSqlite({ entityMetadata }: ColumnMetadata): boolean {
  return entityMetadata.dataSource.options.type === 'better-sqlite3';
}
