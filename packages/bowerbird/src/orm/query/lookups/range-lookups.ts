import { type FieldKind } from '../../describe/entity-description.js';
import { nativeTypeOf } from '../../describe/portable-columns.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { bind, raw, sql, type Sql } from '../sql/sql.js';
import { coerce, expectation } from './coerce.js';
import { type PartedKind, type PartedValue } from './parted-kind.js';

/** What a range of PostgreSQL is made of. See https://www.postgresql.org/docs/current/rangetypes.html */
interface RangeType {
  readonly kind: FieldKind;
  /** The type of its bounds. */
  readonly bound: string;
}

const RANGES: Readonly<Record<string, RangeType>> = {
  int4range: { kind: 'integer', bound: 'int4' },
  int8range: { kind: 'bigint', bound: 'int8' },
  numrange: { kind: 'decimal', bound: 'numeric' },
  daterange: { kind: 'date', bound: 'date' },
  tsrange: { kind: 'datetime', bound: 'timestamp' },
  tstzrange: { kind: 'datetime', bound: 'timestamptz' },
};

const OPERATORS: Readonly<Record<string, string>> = {
  exact: '=',
  contains: '@>',
  containedBy: '<@',
  overlap: '&&',
  fullyLt: '<<',
  fullyGt: '>>',
  notGt: '&<',
  notLt: '&>',
  adjacentTo: '-|-',
};

const TRUTHS: Readonly<Record<string, string>> = {
  isEmpty: 'ISEMPTY',
  lowerInc: 'LOWER_INC',
  lowerInf: 'LOWER_INF',
  upperInc: 'UPPER_INC',
  upperInf: 'UPPER_INF',
};

const BOUNDS: Readonly<Record<string, string>> = { startswith: 'LOWER', endswith: 'UPPER' };

/** A column of PostgreSQL that holds a range: `span__contains: 5`, `span__overlap: [1, 10]`, `span__startswith__gt: 1`. */
export const RANGE: PartedKind = {
  parts: [...Object.keys(BOUNDS), ...Object.keys(TRUTHS)],

  part({ sql: range, column }, name) {
    const truth = TRUTHS[name];
    if (truth) return { sql: sql`${raw(truth)}(${range})`, kind: 'boolean', nullable: true };
    const bound = BOUNDS[name];
    return bound === undefined ? undefined : boundOf(rangeType(column!)!, sql`${raw(bound)}(${range})`);
  },

  compile(value, lookups, given, context) {
    const operator = lookups.length === 1 ? OPERATORS[lookups[0]!] : undefined;
    if (!operator)
      throw new UnknownLookupError(value.path, lookups.join('__'), [
        ...[OPERATORS, TRUTHS, BOUNDS].flatMap((names) => Object.keys(names)),
        'ne',
        'isnull',
      ]);
    const side =
      given instanceof Expression ? compiledSide(value, given, operator, context) : literal(value, given, operator);
    return sql`${value.sql} ${raw(operator)} ${side}`;
  },
};

/** What a range column is made of; undefined for other columns. */
export function rangeType({ metadata }: ColumnModel): RangeType | undefined {
  const type = nativeTypeOf(metadata) ?? '';
  return Object.hasOwn(RANGES, type) ? RANGES[type] : undefined;
}

/** Moments without a zone are those of UTC. */
function boundOf({ kind, bound }: RangeType, value: Sql): CompiledExpression {
  return { sql: bound === 'timestamp' ? sql`(${value} AT TIME ZONE 'UTC')` : value, kind, nullable: true };
}

function compiledSide(
  { path, column }: PartedValue,
  given: Expression,
  operator: string,
  context: ExpressionContext,
): Sql {
  const side = context.compile(given);
  if (side.column && rangeType(side.column)) return side.sql;
  const { kind, bound } = rangeType(column!)!;
  const fits = side.kind === kind || (kind !== 'datetime' && kind !== 'date' && side.kind === 'integer');
  if (operator !== '@>' || !fits)
    throw new QueryUsageError(`"${path}" is a range of ${kind} and does not compare with a ${side.kind}`);
  return bound === 'timestamp' ? sql`(${side.sql} AT TIME ZONE 'UTC')` : sql`(${side.sql})::${raw(bound)}`;
}

/** A value in a range, or another range: as a pair of bounds, of which null is none, or as PostgreSQL writes it. */
function literal({ path, column }: PartedValue, given: unknown, operator: string): Sql {
  const range = rangeType(column!)!;
  const single = operator === '@>' && !Array.isArray(given) ? boundSql(range, given) : undefined;
  if (single) return single;
  const parsed =
    Array.isArray(given) && given.length === 2 ? { bounds: given as unknown[], edges: '[)' } : parse(given);
  const type = raw(nativeTypeOf(column!.metadata)!);
  if (parsed === 'empty') return sql`'empty'::${type}`;
  const bounds = parsed?.bounds.map((bound) => (bound === null ? raw('NULL') : boundSql(range, bound)));
  if (!parsed || bounds!.includes(undefined) || isReversed(range, parsed.bounds))
    throw new BadLookupValueError(
      path,
      given,
      `two bounds, the lower one first, each of which is ${expectation(range.kind)} or null`,
    );
  return sql`${type}(${bounds![0]}, ${bounds![1]}, ${raw(`'${parsed.edges}'`)})`;
}

function boundSql({ kind, bound }: RangeType, given: unknown): Sql | undefined {
  const value = given === null || given === undefined ? undefined : coerce(kind, given);
  if (value === undefined) return undefined;
  return bound === 'timestamp'
    ? sql`(${bind(value)}::timestamptz AT TIME ZONE 'UTC')`
    : sql`${bind(value)}::${raw(bound)}`;
}

const WRITTEN = /^([[(])"?([^",]*)"?,"?([^",]*)"?([\])])$/;

function parse(given: unknown): { readonly bounds: readonly unknown[]; readonly edges: string } | 'empty' | undefined {
  if (given === 'empty') return given;
  const [, open, lower, upper, close] = (typeof given === 'string' && WRITTEN.exec(given)) || [];
  if (open === undefined) return undefined;
  return { bounds: [lower, upper].map((bound) => (bound === '' ? null : bound)), edges: open + close! };
}

/** PostgreSQL refuses a lower bound above the upper one. */
function isReversed({ kind }: RangeType, bounds: readonly unknown[]): boolean {
  if (bounds.includes(null)) return false;
  const [lower, upper] = bounds.map((bound) => coerce(kind, bound));
  return kind === 'date' ? String(lower) > String(upper) : Number(lower) > Number(upper);
}
