import { QueryFailedError } from 'typeorm';

import { type EntityDescription, type FieldDescription } from '../describe/entity-description.js';

/** Bits of PostgreSQL's integer columns by their declared types; of `integer` where nothing is declared. */
const BITS: Readonly<Record<string, number>> = { smallint: 16, int2: 16 };

/** The fields whose written values are longer or greater than their columns hold, where the statement tells. */
export function unfitFields(error: unknown, entity: EntityDescription): readonly string[] {
  if (!(error instanceof QueryFailedError)) return [];
  const written = writtenValues(error.query, (error.parameters ?? []) as readonly unknown[]);
  return entity.fields
    .filter((field) => written.some(({ column, value }) => column === field.column && !fits(field, value)))
    .map(({ path, relation }) => relation ?? path);
}

interface WrittenValue {
  readonly column: string;
  readonly value: unknown;
}

/** The values that an INSERT or UPDATE binds to columns, by the numbers of their parameters. */
function writtenValues(query: string, parameters: readonly unknown[]): readonly WrittenValue[] {
  const insert = /^\s*insert\s+into\s+[^(]+\(([^)]*)\)\s*values\s*(.*)$/is.exec(query);
  if (!insert) {
    const [set = ''] = query.split(/\swhere\s/i);
    const pairs = [...set.matchAll(/"((?:[^"]|"")+)"\s*=\s*\$(\d+)/g)];
    return pairs.map(([, column, number]) => ({ column: bare(column!), value: parameters[Number(number) - 1] }));
  }
  const columns = insert[1]!.split(',').map((name) => bare(name.trim().replace(/^"|"$/g, '')));
  const rows = [...insert[2]!.matchAll(/\(([^()]*)\)/g)].map(([, row]) => row!.split(','));
  return rows.flatMap((row) =>
    row.flatMap((text, index) => {
      const number = /^\s*\$(\d+)/.exec(text)?.[1];
      return number ? [{ column: columns[index] ?? '', value: parameters[Number(number) - 1] }] : [];
    }),
  );
}

function bare(name: string): string {
  return name.replaceAll('""', '"');
}

function fits(field: FieldDescription, value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (field.kind === 'string')
    return typeof value !== 'string' || Array.from(value).length <= (field.length ?? Infinity);
  const number = Number(value);
  if (Number.isNaN(number)) return true;
  if (field.kind === 'decimal')
    return field.precision === undefined || Math.abs(number) < 10 ** (field.precision - (field.scale ?? 0));
  if (field.kind !== 'integer' && field.kind !== 'bigint') return true;
  const bits = field.kind === 'bigint' ? 64 : (BITS[field.nativeType ?? ''] ?? 32);
  const limit = 2 ** (bits - 1);
  return number >= -limit && number < limit;
}
