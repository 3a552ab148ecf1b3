import { quoteText } from '../../migrations/schema/literals.js';
import { type CatalogCustomType, type CatalogSequence } from '../catalog.js';

/** A row of the query for types. */
export interface TypeRow {
  readonly name: string;
  readonly kind: 'e' | 'd';
  /** The name as DDL writes it. */
  readonly written: string;
  readonly values: readonly string[] | null;
  readonly base: string | null;
  readonly required: boolean;
  readonly default: string | null;
  readonly checks: readonly { readonly name: string; readonly definition: string }[] | null;
}

/** A row of the query for sequences. */
export interface SequenceRow {
  readonly name: string;
  readonly quoted: string;
  readonly increment: string;
  readonly start: string;
  readonly least: string;
  readonly most: string;
  readonly cycle: boolean;
  readonly type: string;
}

/** An enum or a domain with the statement that makes it. */
export function typeOf({ name, kind, written, values, base, required, ...row }: TypeRow): CatalogCustomType {
  if (kind === 'e') {
    const list = (values ?? []).map((value) => quoteText('postgres', value)).join(', ');
    return { name, kind: 'enum', values: values ?? [], definition: `CREATE TYPE ${written} AS ENUM (${list})` };
  }
  const rules = [
    ...(row.default === null ? [] : [`DEFAULT ${row.default}`]),
    ...(required ? ['NOT NULL'] : []),
    ...(row.checks ?? []).map((check) => `CONSTRAINT "${check.name.replaceAll('"', '""')}" ${check.definition}`),
  ];
  const definition = ['CREATE DOMAIN', written, 'AS', base ?? 'text', ...rules].join(' ');
  return { name, kind: 'domain', values: [], definition };
}

/** A sequence with the statement that makes it. */
export function sequenceOf({ name, quoted, type, increment, least, most, start, cycle }: SequenceRow): CatalogSequence {
  const counts = `INCREMENT BY ${increment} MINVALUE ${least} MAXVALUE ${most} START WITH ${start}`;
  return { name, definition: `CREATE SEQUENCE ${quoted} AS ${type} ${counts}${cycle ? ' CYCLE' : ''}` };
}
