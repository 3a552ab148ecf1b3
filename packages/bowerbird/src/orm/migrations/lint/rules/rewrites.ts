import { type Dialect } from '../../../describe/entity-description.js';
import { columnTypeText, DEFAULT_LENGTH } from '../../schema/column-types.js';
import { type Renamed } from '../../schema/schema-change.js';
import { type ColumnSchema } from '../../schema/table-schema.js';
import { isSqlExpression, sqlTextFor, type ColumnType } from '../../state/field-state.js';

/** Bytes of a string up to which InnoDB keeps its length in one byte; four bytes a character. */
const SHORT = Math.floor(255 / 4);
/** Functions that have one value for the whole statement. */
const STABLE = /^\(?\s*(now\(\)|current_(timestamp|date|time)(\(\d?\))?|localtime(stamp)?(\(\d?\))?)\s*\)?$/i;

type Keeps = (from: ColumnType, to: ColumnType) => boolean;

const isText = ({ kind, native }: ColumnType): boolean =>
  native === undefined && ['string', 'enum', 'text'].includes(kind);
const lengthOf = ({ kind, length }: ColumnType): number =>
  kind === 'text' ? Number.POSITIVE_INFINITY : (length ?? DEFAULT_LENGTH);

/** Changes of type that leave what is stored as it is. */
const KEEPS: Readonly<Record<Exclude<Dialect, 'sqlite'>, readonly Keeps[]>> = {
  postgres: [
    (from, to) => isText(from) && isText(to) && lengthOf(to) >= lengthOf(from),
    (from, to) =>
      from.kind === 'decimal' &&
      to.kind === 'decimal' &&
      (to.scale ?? 0) === (from.scale ?? 0) &&
      (to.precision ?? 0) >= (from.precision ?? 0),
    (from, to) => from.kind === 'datetime' && to.kind === 'datetime' && (to.precision ?? 3) >= (from.precision ?? 3),
  ],
  mysql: [
    (from, to) =>
      isText(from) &&
      isText(to) &&
      lengthOf(to) !== Number.POSITIVE_INFINITY &&
      lengthOf(to) >= lengthOf(from) &&
      lengthOf(from) <= SHORT === lengthOf(to) <= SHORT,
  ],
};

/** Whether a change of a column's type has the table written anew. */
export function rewritesColumn(dialect: Exclude<Dialect, 'sqlite'>, { from, to }: Renamed<ColumnSchema>): boolean {
  if (from.generated !== 'expression' && to.generated === 'expression') return true;
  if (columnTypeText(dialect, from.type) === columnTypeText(dialect, to.type)) return false;
  return !KEEPS[dialect].some((keeps) => keeps(from.type, to.type));
}

/** Whether a new column gets a value of its own in each row, which has to be written there. */
export function rewritesForNewColumn(
  dialect: Exclude<Dialect, 'sqlite'>,
  { generated, default: value, expression }: ColumnSchema,
): boolean {
  if (generated === 'increment' || generated === 'uuid' || (generated === 'expression' && expression !== undefined))
    return true;
  return isSqlExpression(value) && !STABLE.test(sqlTextFor(value.sql, dialect).trim());
}
