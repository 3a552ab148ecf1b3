import { type FieldKind } from '../../describe/entity-description.js';
import { kindOfTypeName, nativeTypeOf } from '../../describe/portable-columns.js';
import { UnknownLookupError } from '../../orm.errors.js';
import { Expression, type CompiledExpression, type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel } from '../model/entity-model.js';
import { BadLookupValueError, QueryUsageError } from '../query.errors.js';
import { bind, join, raw, sql, type Sql } from '../sql/sql.js';
import { coerce, expectation } from './coerce.js';
import { listOf } from './lookups.js';
import { NEGATED_NAMES } from './negated.js';
import { type PartedKind, type PartedValue } from './parted-kind.js';

const OPERATORS: Readonly<Record<string, string>> = { exact: '=', contains: '@>', containedBy: '<@', overlap: '&&' };

const PLACE = /^(0|[1-9]\d{0,8})$/;
const SLICE = /^(\d{1,9})_(\d{1,9})$/;

/** A column of PostgreSQL that holds a list: `tags__contains: ['a']`, `tags__0: 'a'`, `tags__0_2: ['a', 'b']`. */
export const LIST: PartedKind = {
  parts: ['length', '0', '0_2'],

  part(value, name) {
    const list = ofColumn(value);
    if (name === 'length') return { sql: sql`CARDINALITY(${list})`, kind: 'integer', nullable: true };
    if (PLACE.test(name)) return element(value, list, Number(name) + 1);
    const [, from, to] = SLICE.exec(name) ?? [];
    return to === undefined
      ? undefined
      : { ...value, sql: sql`(${list})[${raw(`${Number(from) + 1}:${Number(to)}`)}]`, nullable: true };
  },

  compile(value, lookups, given, context) {
    const name = lookups.length === 1 ? lookups[0]! : '';
    if (name === 'in') return among(value, given, context);
    const operator = OPERATORS[name];
    if (!operator)
      throw new UnknownLookupError(value.path, lookups.join('__'), [
        ...Object.keys(OPERATORS),
        'in',
        ...NEGATED_NAMES,
        'length',
        'isnull',
      ]);
    return sql`${ofColumn(value)} ${raw(operator)} ${side(value, given, context)}`;
  },
};

/** Enums of PostgreSQL compare with nothing but themselves: their lists are read as texts. */
function ofColumn({ sql: list, column }: CompiledExpression): Sql {
  return isEnum(column!) ? sql`(${list})::text[]` : list;
}

function element({ column }: CompiledExpression, list: Sql, place: number): CompiledExpression {
  const found = sql`(${list})[${raw(String(place))}]`;
  const kind = elementKind(column!);
  const { scale } = column!.metadata;
  return kind === 'json'
    ? { sql: sql`(${found})::jsonb`, kind, nullable: true }
    : { sql: found, kind, nullable: true, scale };
}

function among(value: PartedValue, given: unknown, context: ExpressionContext): Sql {
  const sides = listOf(given, value.path).map((member) => side(value, member, context));
  return sides.length === 0 ? raw('1 = 0') : sql`${ofColumn(value)} IN (${join(sides, ', ')})`;
}

/** What a list is compared with: another one, or an expression that is one. */
function side(value: PartedValue, given: unknown, context: ExpressionContext): Sql {
  if (!(given instanceof Expression)) return literal(value, given);
  const other = context.compile(given);
  if (other.column?.metadata.isArray && other.kind === 'json') return ofColumn(other);
  throw new QueryUsageError(`"${value.path}" is a list and does not compare with a ${other.kind}`);
}

function literal({ path, column }: PartedValue, given: unknown): Sql {
  const kind = elementKind(column!);
  const members = Array.isArray(given)
    ? given.map((member: unknown) => (member === null || member === undefined ? undefined : memberOf(kind, member)))
    : [undefined];
  if (members.includes(undefined))
    throw new BadLookupValueError(path, given, `a list of which each element is ${expectation(kind)}`);
  const type = isEnum(column!) ? 'text[]' : nativeTypeOf(column!.metadata)!;
  return sql`${bind(members)}::${raw(type)}`;
}

/** Elements of types that no other database has are texts. */
function memberOf(kind: FieldKind, member: unknown): unknown {
  return kind === 'json' ? JSON.stringify(member) : coerce(kind, member);
}

function elementKind(column: ColumnModel): FieldKind {
  const kind = kindOfTypeName(typeName(column)) ?? 'string';
  return kind === 'enum' ? 'string' : kind;
}

function isEnum(column: ColumnModel): boolean {
  return kindOfTypeName(typeName(column)) === 'enum';
}

/** The name of the type of one element: `character varying(20)[]` is a list of `character varying`. */
function typeName({ metadata }: ColumnModel): string {
  return nativeTypeOf(metadata)!.replace(/(\(.*\))?\[\]$/, '');
}
