import { type FieldKind } from '../../describe/entity-description.js';
import { BadLookupValueError } from '../query.errors.js';
import { type SqlDialect, type TextMatch } from '../sql/sql-dialect.js';
import { join, raw, sql, type Sql } from '../sql/sql.js';
import { toText } from './coerce.js';
import { type Lookup, type Operand } from './lookup.js';
import { NEGATED_NAMES } from './negated.js';
import { portableRegex } from './portable-regex.js';
import { SEARCH_LOOKUPS } from './search-lookups.js';

const COMPARED: ReadonlySet<FieldKind> = new Set<FieldKind>([
  'string',
  'text',
  'integer',
  'bigint',
  'float',
  'decimal',
  'boolean',
  'date',
  'time',
  'datetime',
  'uuid',
  'enum',
  'binary',
]);
const ORDERED: ReadonlySet<FieldKind> = new Set(
  [...COMPARED].filter((kind) => kind !== 'boolean' && kind !== 'binary'),
);
/** Kinds that are looked into. */
export const TEXTS: ReadonlySet<FieldKind> = new Set<FieldKind>(['string', 'text']);

/** What lookups look for in a text, and where. */
export const TEXT_MATCHES: Readonly<Record<string, TextMatch>> = {
  iexact: { position: 'whole', ignoreCase: true },
  contains: { position: 'anywhere', ignoreCase: false },
  icontains: { position: 'anywhere', ignoreCase: true },
  startswith: { position: 'start', ignoreCase: false },
  istartswith: { position: 'start', ignoreCase: true },
  endswith: { position: 'end', ignoreCase: false },
  iendswith: { position: 'end', ignoreCase: true },
};

/** Lists longer than this are refused: no database takes as many parameters. */
const LONGEST_LIST = 30_000;

/** Every lookup that left values, `isnull` and those of relations apart. */
export const LOOKUPS: readonly Lookup[] = [
  { name: 'exact', kinds: COMPARED, compile: equals },
  { name: 'in', kinds: COMPARED, compile: inList },
  { name: 'range', kinds: ORDERED, compile: range },
  comparison('gt', '>'),
  comparison('gte', '>='),
  comparison('lt', '<'),
  comparison('lte', '<='),
  ...Object.entries(TEXT_MATCHES).map(([name, match]) => matching(name, match)),
  pattern('regex', false),
  pattern('iregex', true),
  ...SEARCH_LOOKUPS,
];

/** Finds a lookup for a kind, one of the application's own included, or undefined. */
export function findLookup(name: string, kind: FieldKind, dialect?: SqlDialect): Lookup | undefined {
  const fits = (lookup: Lookup): boolean => lookup.name === name && (lookup.kinds === null || lookup.kinds.has(kind));
  return LOOKUPS.find(fits) ?? dialect?.custom.lookups.find(fits);
}

/** Names of the lookups of a kind, for messages. */
export function lookupNames(kind: FieldKind): string[] {
  const own = LOOKUPS.filter(({ kinds }) => kinds === null || kinds.has(kind)).map(({ name }) => name);
  return own.length > 0 ? [...own, ...NEGATED_NAMES, 'isnull'] : ['isnull'];
}

/** The members of a list value. @throws BadLookupValueError when it is no list or too long */
export function listOf(value: unknown, path: string): readonly unknown[] {
  const members = Array.isArray(value)
    ? (value as unknown[])
    : value instanceof Set
      ? [...(value as Set<unknown>)]
      : undefined;
  if (!members || members.length > LONGEST_LIST)
    throw new BadLookupValueError(path, value, `a list of at most ${LONGEST_LIST} values, or a query`);
  return members;
}

/** An operand as comparisons and orderings take it. */
export function compared({ compared: own, sql: plain }: Operand): Sql {
  return own ?? plain;
}

function equals(operand: Operand, value: unknown): Sql {
  const { dialect, kind } = operand;
  if (TEXTS.has(kind)) return dialect.equalsAny(operand.sql, [operand.raw(value)]);
  return sql`${compared(operand)} = ${operand.value(value)}`;
}

/** An empty list matches nothing; the planner sees that at once. */
function inList(operand: Operand, value: unknown): Sql {
  const members = [...new Set(listOf(value, operand.path))];
  if (members.length === 0) return raw('1 = 0');
  const { dialect, kind } = operand;
  if (TEXTS.has(kind))
    return dialect.equalsAny(
      operand.sql,
      members.map((member) => operand.raw(member)),
    );
  const bound = members.map((member) => operand.value(member));
  return sql`${compared(operand)} IN (${join(bound, ', ')})`;
}

function range(operand: Operand, value: unknown): Sql {
  const [least, most, ...rest] = listOf(value, operand.path);
  if (least === undefined || most === undefined || rest.length > 0)
    throw new BadLookupValueError(operand.path, value, 'a list of two values');
  const [left, from, to] = [compared(operand), operand.value(least), operand.value(most)];
  // MySQL 9.7 forgets the collation of texts in BETWEEN, and takes 'a ' for more than 'a '.
  return TEXTS.has(operand.kind)
    ? sql`(${left} >= ${from} AND ${left} <= ${to})`
    : sql`${left} BETWEEN ${from} AND ${to}`;
}

function comparison(name: string, operator: string): Lookup {
  return {
    name,
    kinds: ORDERED,
    compile: (operand, value) => sql`${compared(operand)} ${raw(operator)} ${operand.value(value)}`,
  };
}

function matching(name: string, match: TextMatch): Lookup {
  return {
    name,
    kinds: TEXTS,
    compile(operand, value) {
      const needle = toText(value);
      if (needle === undefined) throw new BadLookupValueError(operand.path, value, 'text without NUL bytes');
      return operand.dialect.matches(operand.sql, needle, match);
    },
  };
}

function pattern(name: string, ignoreCase: boolean): Lookup {
  return {
    name,
    kinds: TEXTS,
    compile: ({ dialect, sql: text, path }, value) => dialect.regex(text, portableRegex(value, path), ignoreCase),
  };
}
