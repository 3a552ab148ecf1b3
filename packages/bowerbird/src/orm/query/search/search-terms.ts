import { type FieldKind } from '../../describe/entity-description.js';
import { coerce } from '../lookups/coerce.js';
import { Q } from '../q.js';
import { type QuerySet } from '../query-set.js';
import { type SearchField } from './search-field.js';

const MAX_TERMS = 12;

/** Splits a search into words and quoted phrases: `"new york" bridge` are two terms. */
export function searchTerms(text: string): readonly string[] {
  const terms = [...text.matchAll(/"([^"]*)"|'([^']*)'(?=\s|$)|(\S+)/g)].map(
    ([, double, single, word]) => (double ?? single ?? word)!,
  );
  return terms
    .map((term) => term.trim())
    .filter((term) => term !== '')
    .slice(0, MAX_TERMS);
}

/** Kinds that people do not name in a search as they are stored. */
const UNSEARCHED: ReadonlySet<FieldKind> = new Set<FieldKind>(['boolean', 'time', 'datetime']);

const LARGEST_INTEGER = 2n ** 31n - 1n;

/** Whether a term can be compared with a field: a number that no row can have is no reason to refuse a search. */
function fits({ lookup, field }: SearchField, term: string): boolean {
  if (lookup !== 'exact') return true;
  const value = UNSEARCHED.has(field.kind) ? undefined : coerce(field.kind, term);
  if (value === undefined) return false;
  if (field.choices) return field.choices.some((choice) => String(choice.value) === term);
  return field.kind !== 'integer' || isWithin(value as number, field.range ?? [-LARGEST_INTEGER - 1n, LARGEST_INTEGER]);
}

function isWithin(
  value: number,
  [least, most]: readonly [number | string | bigint, number | string | bigint],
): boolean {
  return BigInt(value) >= BigInt(least) && BigInt(value) <= BigInt(most);
}

/**
 * Narrows a query to the rows in which every term is found in at least one of the fields. A term that fits no field
 * finds nothing.
 */
export function applySearch(query: QuerySet, fields: readonly SearchField[], text: string): QuerySet {
  let narrowed = query;
  for (const term of searchTerms(text)) {
    const [first, ...others] = fields
      .filter((field) => fits(field, term))
      .map(({ path, lookup }) => Q({ [`${path}__${lookup}`]: term }));
    if (!first) return query.none();
    narrowed = narrowed.filter(others.reduce((either, one) => either.or(one), first));
  }
  return narrowed;
}
