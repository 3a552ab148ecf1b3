import { UnknownLookupError } from '../../orm.errors.js';
import { documentOf } from '../expressions/json-value.js';
import { BadLookupValueError } from '../query.errors.js';
import { type Json } from '../sql/json-dialect.js';
import { type SqlDialect } from '../sql/sql-dialect.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { type Operand } from './lookup.js';
import { findLookup, listOf } from './lookups.js';
import { NEGATED_NAMES } from './negated.js';
import { type PartedKind } from './parted-kind.js';

/** A value inside of a document, and what compares it. */
interface JsonOperand {
  readonly path: string;
  readonly value: Sql;
  readonly dialect: SqlDialect;
}

type JsonLookup = (operand: JsonOperand, given: unknown) => Sql;

const COMPARISONS: Readonly<Record<string, string>> = { gt: '>', gte: '>=', lt: '<', lte: '<=' };

const TEXT_LOOKUPS = ['iexact', 'icontains', 'startswith', 'istartswith', 'endswith', 'iendswith', 'regex', 'iregex'];

const LOOKUPS: Readonly<Record<string, JsonLookup>> = {
  exact: ({ value, dialect, path }, given) => dialect.json.equals(value, jsonOf(given, path)),
  in: ({ value, dialect, path }, given) => {
    const members = listOf(given, path).map((member) => dialect.json.equals(value, jsonOf(member, path)));
    return members.length === 0 ? raw('1 = 0') : sql`(${join(members, ' OR ')})`;
  },
  contains: (operand, given) => {
    const { value, dialect, path } = operand;
    const contained = dialect.json.contains(value, jsonOf(given, path));
    return typeof given === 'string' ? sql`(${contained} OR ${asText('contains')(operand, given)})` : contained;
  },
  containedBy: ({ value, dialect, path }, given) => dialect.json.containedBy(value, jsonOf(given, path)),
  hasKey: ({ value, dialect, path }, given) => dialect.json.hasKey(value, textOf(given, path)),
  hasKeys: (operand, given) => each(operand, given, ' AND '),
  hasAnyKeys: (operand, given) => each(operand, given, ' OR '),
  range: (operand, given) => {
    const [least, most, ...rest] = listOf(given, operand.path);
    if (least === undefined || most === undefined || rest.length > 0)
      throw new BadLookupValueError(operand.path, given, 'a list of two values');
    return sql`(${compared('gte')(operand, least)} AND ${compared('lte')(operand, most)})`;
  },
  ...Object.fromEntries(Object.keys(COMPARISONS).map((name) => [name, compared(name)])),
  ...Object.fromEntries(TEXT_LOOKUPS.map((name) => [name, asText(name)])),
};

/** A JSON document, or a value inside of one. */
export const JSON_VALUE: PartedKind = {
  parts: ['length'],

  part(value, name, dialect) {
    if (name !== 'length') return undefined;
    return { sql: dialect.json.length(documentOf(value, dialect)), kind: 'integer', nullable: true };
  },

  compile(value, lookups, given, { dialect }) {
    const lookup = lookups.length === 1 && Object.hasOwn(LOOKUPS, lookups[0]!) ? LOOKUPS[lookups[0]!] : undefined;
    if (!lookup)
      throw new UnknownLookupError(value.path, lookups.join('__'), [
        ...Object.keys(LOOKUPS),
        'length',
        ...NEGATED_NAMES,
        'isnull',
      ]);
    return lookup({ path: value.path, value: documentOf(value, dialect), dialect }, given);
  },
};

/** Values of other types than the given one are neither more nor less. */
function compared(name: string): JsonLookup {
  return ({ value, dialect, path }, given) => {
    if (!Number.isFinite(given) && typeof given !== 'string')
      throw new BadLookupValueError(path, given, 'a number or a text');
    const [type, found] =
      typeof given === 'number'
        ? (['number', dialect.json.number(value)] as const)
        : (['string', dialect.expressions.sameText(dialect.json.text(value))] as const);
    const wanted = dialect.expressions.literal(given, typeof given === 'number' ? 'float' : 'string');
    const bound = typeof given === 'number' ? wanted : dialect.expressions.sameText(wanted);
    const holds = sql`${found} ${raw(COMPARISONS[name]!)} ${bound}`;
    return sql`CASE WHEN ${dialect.json.isType(value, [type])} THEN ${holds} ELSE ${raw('1 = 0')} END`;
  };
}

/** Lookups of text hold for texts only. */
function asText(name: string): JsonLookup {
  return ({ value, dialect, path }, given) => {
    const text = dialect.json.text(value);
    const operand: Operand = {
      path,
      kind: 'string',
      sql: text,
      dialect,
      raw: (each) => each,
      value: (each) => dialect.expressions.literal(each, 'string'),
    };
    const holds = findLookup(name, 'string')!.compile(operand, textOf(given, path));
    return sql`(${dialect.json.isType(value, ['string'])} AND ${holds})`;
  };
}

function each({ value, dialect, path }: JsonOperand, given: unknown, separator: string): Sql {
  const keys = listOf(given, path).map((key) => dialect.json.hasKey(value, textOf(key, path)));
  if (keys.length === 0) throw new BadLookupValueError(path, given, 'a list of at least one key');
  return sql`(${join(keys, separator)})`;
}

function textOf(given: unknown, path: string): string {
  if (typeof given === 'string' && !given.includes('\0')) return given;
  throw new BadLookupValueError(path, given, 'text without NUL bytes');
}

/** NUL and halves of surrogate pairs, as JSON escapes them. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/i;

/** @throws BadLookupValueError for what JSON cannot hold */
function jsonOf(given: unknown, path: string): Json {
  const plain = typeof given === 'object' && given !== null ? isPlain(given) : isScalar(given);
  if (plain && !UNSTORABLE.test(JSON.stringify(given))) return given as Json;
  throw new BadLookupValueError(path, given, 'a value that JSON can hold');
}

function isScalar(given: unknown): boolean {
  return given === null || typeof given === 'string' || typeof given === 'boolean' || Number.isFinite(given);
}

function isPlain(given: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(given);
  const values = Array.isArray(given) || prototype === Object.prototype || prototype === null;
  return (
    values &&
    Object.values(given).every((value) =>
      typeof value === 'object' && value !== null ? isPlain(value) : isScalar(value),
    )
  );
}
