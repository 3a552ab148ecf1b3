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

/** What a term must look like to be compared with a field that is not text. */
const SHAPES: Readonly<Record<string, RegExp>> = {
  integer: /^[+-]?\d{1,15}$/,
  bigint: /^[+-]?\d{1,18}$/,
  float: /^[+-]?\d+(\.\d+)?$/,
  decimal: /^[+-]?\d+(\.\d+)?$/,
  uuid: /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i,
  date: /^\d{4}-\d{2}-\d{2}$/,
  boolean: /^$/,
  time: /^$/,
  datetime: /^$/,
};

function fits({ lookup, field }: SearchField, term: string): boolean {
  return lookup !== 'exact' || (SHAPES[field.kind]?.test(term) ?? false);
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
