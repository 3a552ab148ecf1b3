import { type CatalogColumn } from '../../catalog/catalog.js';
import { type FieldKind } from '../../describe/entity-description.js';
import { type InspectedDefault } from './inspected.js';

const CAST = /::[a-z"][\w". ]*(\(\d+(,\s*\d+)?\))?( with(out)? time zone)?(\[\])?/gi;
const QUOTED = /^'((?:[^']|'')*)'$/;
const NUMBER = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NOW =
  /^(now\(\)|current_timestamp(\(\d?\))?|localtimestamp(\(\d?\))?|transaction_timestamp\(\)|datetime\('now'\)|strftime\('%Y-%m-%d %H:%M:%[fS]',\s*'now'\))$/i;
const TODAY = /^(current_date(\(\))?|curdate\(\)|date\('now'\)|'now')$/i;

/** Whether SQL means the moment in which it runs. */
export function isNow(sql: string | null): boolean {
  return sql !== null && NOW.test(bare(sql));
}

/** The default of a column as an entity declares it; undefined for none. */
export function inspectDefault(
  { default: sql, generated, type }: CatalogColumn,
  kind: FieldKind,
): InspectedDefault | undefined {
  if (sql === null || generated === 'increment') return undefined;
  const text = bare(sql);
  if (/^null$/i.test(text)) return undefined;
  if (kind === 'datetime' && NOW.test(text)) return { sql: 'CURRENT_TIMESTAMP' };
  if (kind === 'date' && TODAY.test(text)) return { sql: 'CURRENT_DATE' };
  const quoted = QUOTED.exec(text)?.[1]?.replaceAll("''", "'");
  const literal = quoted ?? (NUMBER.test(text) || /^(true|false)$/i.test(text) ? text : undefined);
  if (literal === undefined) return { sql };
  if (type.array) return literal === '{}' ? { value: [] } : { sql };
  return READ[kind]?.(literal, quoted !== undefined) ?? (quoted === undefined ? { sql } : { value: literal });
}

type Read = (literal: string, quoted: boolean) => InspectedDefault | undefined;

/** Numbers keep every digit: what JavaScript would round stays text. */
const asNumber: Read = (literal) => {
  if (!NUMBER.test(literal)) return undefined;
  return { value: Number(literal).toString() === literal ? Number(literal) : literal };
};
const asText: Read = (literal) => ({ value: literal });
const asBoolean: Read = (literal) => {
  if (/^(1|t|true|b'1)$/i.test(literal)) return { value: true };
  return /^(0|f|false)$/i.test(literal) ? { value: false } : undefined;
};

const READ: Readonly<Partial<Record<FieldKind, Read>>> = {
  integer: asNumber,
  bigint: asNumber,
  float: asNumber,
  decimal: asNumber,
  boolean: asBoolean,
  string: asText,
  text: asText,
  enum: asText,
  json: (literal, quoted) => (quoted ? jsonDefault(literal) : undefined),
};

function jsonDefault(text: string): InspectedDefault | undefined {
  const trimmed = text.trim();
  return trimmed === '{}' || trimmed === '[]' ? { value: JSON.parse(trimmed) as unknown } : undefined;
}

/** Without casts and without parentheses around it all. */
function bare(sql: string): string {
  const pieces = sql
    .split(/('(?:[^']|'')*')/)
    .map((piece, index) => (index % 2 === 1 ? piece : piece.replace(CAST, '')));
  let text = pieces.join('').trim();
  while (/^\([^()]*(\([^()]*\)[^()]*)*\)$/.test(text)) text = text.slice(1, -1).trim();
  return text;
}
