import { parseType } from '../../catalog/types.js';
import { type Dialect } from '../../describe/entity-description.js';
import { kindOfTypeName } from '../../describe/portable-columns.js';

/** Text in quotes, names in quotes, anything else. */
const PIECES = /('(?:[^']|'')*')|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([^'"`]+)/g;
const CASTS =
  /::(character varying|timestamp(\(\d\))? with(out)? time zone|time(\(\d\))? with(out)? time zone|double precision|[a-z_]\w*)(\([\d,\s]*\))?(\[\])*/g;

/** SQL without what databases write in their own way: spaces, quotes around names, casts, parentheses around it all. */
export function plainSql(text: string): string {
  const pieces = [...text.matchAll(PIECES)].map(([, quoted, double, back, rest]) => {
    if (quoted !== undefined) return quoted;
    return double ?? back ?? rest!.toLowerCase().replace(CASTS, '').replace(/\s+/g, '');
  });
  return unwrapped(pieces.join(''));
}

function unwrapped(text: string): string {
  if (!text.startsWith('(') || !text.endsWith(')')) return text;
  let depth = 0;
  for (let index = 0; index < text.length - 1; index += 1) {
    if (text[index] === '(') depth += 1;
    if (text[index] === ')') depth -= 1;
    if (depth === 0) return text;
  }
  return unwrapped(text.slice(1, -1));
}

type Rewrite = readonly [pattern: RegExp, text: string];

/** One word for types that have several. */
const REWRITES: Readonly<Record<Exclude<Dialect, 'sqlite'>, readonly Rewrite[]>> = {
  postgres: [
    [/^character varying/, 'varchar'],
    [/^character\b/, 'char'],
    [/^timestamp(\(\d\))?withtimezone$/, 'timestamptz$1'],
    [/^timestamp(\(\d\))?withouttimezone$/, 'timestamp$1'],
    [/^time(\(\d\))?withouttimezone$/, 'time$1'],
    [/^timestamptz\(6\)$/, 'timestamptz'],
    [/^(int|int4)\b/, 'integer'],
    [/^int8\b/, 'bigint'],
    [/^int2\b/, 'smallint'],
    [/^decimal\b/, 'numeric'],
    [/^bool\b/, 'boolean'],
    [/^float8\b/, 'doubleprecision'],
  ],
  mysql: [
    [/^(tiny|small|medium|big)?int(eger)?\(\d+\)/, '$1int'],
    [/^integer\b/, 'int'],
    [/^numeric\b/, 'decimal'],
    [/^bool(ean)?\b/, 'tinyint'],
  ],
};

/** A type in small letters, without spaces, by the one name that it has here. */
export function plainType(dialect: Dialect, text: string): string {
  if (dialect === 'sqlite') return sqliteType(text);
  const bare = text
    .toLowerCase()
    .replace(/^character varying/, 'varchar')
    .replace(/\s+/g, '');
  return REWRITES[dialect].reduce((type, [pattern, word]) => type.replace(pattern, word), bare);
}

/** SQLite takes any name; those that mean the same to everybody are one. */
function sqliteType(text: string): string {
  const { name, length, precision, scale } = parseType(text);
  const sizes = [length, precision, scale].filter((size) => size !== undefined);
  return `${kindOfTypeName(name) ?? name}${sizes.length > 0 ? `(${sizes.join(',')})` : ''}`;
}
