import { fullTextVector } from '../search/full-text-vector.js';
import { indexesOver } from '../search/indexed-columns.js';
import { folded } from '../search/letters.js';
import { type SearchPart } from '../search/search-document.js';
import { type WordNode } from '../search/search-node.js';
import { type PatternWord } from '../search/word-patterns.js';
import { bind, raw, sql, type Sql } from './sql.js';

/**
 * Letters and digits that PostgreSQL's parser takes for such in every locale with which an index can be made, in the small
 * forms that it makes of them: Latin, Greek, Cyrillic, Hebrew, Arabic, Japanese, Chinese and Korean ones.
 */
const KNOWN =
  /^[0-9a-z\u00df-\u00f6\u00f8-\u012f\u0131-\u017e\u0390\u03ac-\u03ce\u0430-\u045f\u0461-\u0481\u05d0-\u05ea\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u3041-\u3096\u30a1-\u30fa\u30fc\u3400-\u4db5\u4e00-\u9fcc\uac00-\ud7a3]+$/;

/** A number with an exponent in it is two words to PostgreSQL: `1e5a`. */
const EXPONENT = /^\d+e/;

/** Forms of a word that are asked for, one for each way to write its sigmas. */
const MOST_FORMS = 8;

/**
 * A condition that every row meets in which the words stand, and that an index over the columns answers. What PostgreSQL
 * may take apart in its own way is left out of it.
 */
export function narrowedBy(parts: readonly SearchPart[], words: WordNode): Sql | undefined {
  const found = indexesOver(parts).find(({ index }) => index.fullText === true);
  const terms = found && termsOf(words);
  if (!terms) return undefined;
  const vector = raw(fullTextVector(found.columns, true));
  return sql`${vector} @@ to_tsquery('pg_catalog.simple'::regconfig, ${bind(terms)})`;
}

/** What the words need in the language of `to_tsquery`, or undefined when they need nothing that is known there. */
function termsOf(node: WordNode): string | undefined {
  if (node.op === 'not') return undefined;
  if (node.op === 'words') return allOf(node.words.map(termOf));
  const parts = node.parts.map(termsOf);
  if (node.op === 'and') return allOf(parts);
  return parts.every((part) => part !== undefined) ? `(${parts.join(' | ')})` : undefined;
}

function allOf(parts: readonly (string | undefined)[]): string | undefined {
  const known = parts.filter((part) => part !== undefined);
  return known.length > 0 ? `(${known.join(' & ')})` : undefined;
}

function termOf({ text, prefix }: PatternWord): string | undefined {
  const small = Array.from(text, folded).join('');
  if (!KNOWN.test(small) || EXPONENT.test(small)) return undefined;
  const forms = sigmasOf(small);
  return forms.length > MOST_FORMS
    ? undefined
    : `(${forms.map((form) => `'${form}'${prefix ? ':*' : ''}`).join(' | ')})`;
}

/** A word with each of its sigmas in both of the small forms, for stored words keep theirs. */
function sigmasOf(word: string): readonly string[] {
  const [head, ...rest] = word.split('σ') as [string, ...string[]];
  return rest.reduce<readonly string[]>(
    (forms, part) =>
      forms.length > MOST_FORMS ? forms : forms.flatMap((form) => [`${form}σ${part}`, `${form}ς${part}`]),
    [head],
  );
}
