import { type CatalogType } from '../../catalog/catalog.js';
import { type Dialect, type FieldKind } from '../../describe/entity-description.js';
import { kindOfTypeName } from '../../describe/portable-columns.js';
import { plainType } from '../../migrations/drift/plain-text.js';
import { columnTypeText, DEFAULT_LENGTH } from '../../migrations/schema/column-types.js';
import { type InspectedType } from './inspected.js';

/** What `@Column` calls each kind; the framework finds the type of the database at hand for it. */
const COLUMN_NAMES: Readonly<Record<FieldKind, string>> = {
  string: 'varchar',
  text: 'text',
  integer: 'integer',
  bigint: 'bigint',
  float: 'double',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  uuid: 'uuid',
  json: 'json',
  enum: 'simple-enum',
  binary: 'blob',
};

type KindRule = (type: CatalogType) => FieldKind | undefined;

/** Types that are no text but that every driver gives as text. */
const TEXT_IN_POSTGRES =
  /^(citext|inet|cidr|macaddr8?|tsvector|tsquery|xml|money|bit|bit varying|ltree|lquery|time with time zone|name|"char"|u?int\d*range|\w*range|regclass)$/;

/** What is special to each database; the rest goes by name. */
const KIND_RULES: Readonly<Record<Dialect, KindRule>> = {
  sqlite: ({ name, length }) => {
    if (name === 'varchar' && length === undefined) return 'text';
    return name === '' ? undefined : (kindOfTypeName(name) ?? affinityKind(name));
  },
  postgres: ({ name, custom, length }) => {
    if (custom === 'enum') return 'enum';
    if (custom === 'composite') return undefined;
    if (name === 'character varying' && length === undefined) return 'text';
    return kindOfTypeName(name) ?? (TEXT_IN_POSTGRES.test(name) ? 'text' : undefined);
  },
  mysql: ({ name, text }) => {
    if (text.startsWith('tinyint(1)')) return 'boolean';
    return ({ year: 'integer', set: 'string', bit: 'binary' }[name] as FieldKind | undefined) ?? kindOfTypeName(name);
  },
};

/** The type of a column as an entity declares it. A type that nobody knows is text that no form may change. */
export function inspectType(dialect: Dialect, type: CatalogType): InspectedType {
  const kind = KIND_RULES[dialect](type);
  if (type.array) return listType(type, kind);
  if (kind === undefined) return { kind: 'text', name: 'text', types: { [dialect]: type.text }, unknown: true };
  const sizes = sizesOf(dialect, kind, type);
  const exact = exactType(dialect, kind, sizes, type);
  return { kind, name: COLUMN_NAMES[kind], ...sizes, ...(exact !== undefined && { types: { [dialect]: exact } }) };
}

/** TypeORM has lists for the types that it knows; they are declared as they are. */
function listType({ name, text, custom }: CatalogType, kind: FieldKind | undefined): InspectedType {
  if (kind === undefined || custom !== undefined)
    return { kind: 'text', name: 'text', types: { postgres: text }, unknown: true };
  return { kind: 'json', name, array: true };
}

function sizesOf(
  dialect: Dialect,
  kind: FieldKind,
  type: CatalogType,
): Pick<InspectedType, 'length' | 'precision' | 'scale'> {
  const { length, precision, scale, values } = type;
  if (kind === 'string') return { length: length ?? (values?.join(',').length || DEFAULT_LENGTH) };
  if (kind === 'decimal') return decimalSizes(precision, scale);
  return kind === 'datetime' && dialect !== 'sqlite' ? secondsOf(dialect, precision) : {};
}

/** A decimal without sizes holds anything; the usual sizes stand for it elsewhere. */
function decimalSizes(precision: number | undefined, scale: number | undefined) {
  return precision === undefined ? {} : { precision, scale: scale ?? 0 };
}

/** Fractions of a second that JavaScript has; MySQL has none unless it is told, PostgreSQL six. */
function secondsOf(dialect: Dialect, precision: number | undefined) {
  const digits = precision ?? (dialect === 'mysql' ? 0 : 6);
  return digits < 3 ? { precision: digits } : {};
}

/** The type itself, where the usual one of its kind is another. */
function exactType(
  dialect: Dialect,
  kind: FieldKind,
  sizes: Pick<InspectedType, 'length' | 'precision' | 'scale'>,
  type: CatalogType,
): string | undefined {
  const usual = columnTypeText(dialect, { kind, ...sizes });
  return plainType(dialect, type.text) === plainType(dialect, usual) ? undefined : type.text;
}

/** https://www.sqlite.org/datatype3.html#determination_of_column_affinity */
const AFFINITIES: readonly (readonly [RegExp, 'integer' | 'text' | 'blob' | 'real'])[] = [
  [/int/i, 'integer'],
  [/char|clob|text/i, 'text'],
  [/blob|^$/i, 'blob'],
  [/real|floa|doub/i, 'real'],
];

function affinityOf(type: string): string {
  return AFFINITIES.find(([pattern]) => pattern.test(type))?.[1] ?? 'numeric';
}

function affinityKind(name: string): FieldKind {
  const kinds: Readonly<Record<string, FieldKind>> = {
    integer: 'integer',
    text: 'text',
    blob: 'binary',
    real: 'float',
  };
  return kinds[affinityOf(name)] ?? 'decimal';
}
