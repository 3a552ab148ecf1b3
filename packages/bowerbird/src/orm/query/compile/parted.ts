import { type CompiledExpression } from '../expressions/expression.js';
import { LIST } from '../lookups/array-lookups.js';
import { HSTORE, isHstore } from '../lookups/hstore-lookups.js';
import { JSON_VALUE } from '../lookups/json-lookups.js';
import { type PartedKind } from '../lookups/parted-kind.js';
import { RANGE, rangeType } from '../lookups/range-lookups.js';

/** How values are looked into that are made of others; undefined for plain ones. */
export function partedKind({ kind, column }: CompiledExpression): PartedKind | undefined {
  if (kind === 'json') return column?.metadata.isArray ? LIST : JSON_VALUE;
  if (!column || kind !== 'string' || column.kind !== kind) return undefined;
  if (rangeType(column)) return RANGE;
  return isHstore(column) ? HSTORE : undefined;
}
