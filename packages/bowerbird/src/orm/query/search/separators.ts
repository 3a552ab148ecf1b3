/**
 * What stands between words, as first and last code points in hexadecimal digits: spaces, punctuation, symbols, emoji and
 * what is not shown. Everything else is part of a word: letters, digits and the marks on them. The list is fixed, for the
 * classes of databases depend on their locale and on the version of Unicode that they were built with.
 */
const RANGES = (
  '0-2f 3a-40 5b-60 7b-a9 ab-b4 b6-b9 bb-bf d7 f7 37e 387 55a-55f 589-58f 5be 5c0 5c3 5c6 5f3-60f 61b-61f 66a-66d 6d4 ' +
  '700-70d 964-965 970 df4 e3f e4f e5a-e5b f04-f14 104a-104f 10fb 1360-1368 1680 17d4-17d6 17d8-17db 1800-180a ' +
  '2000-2bff 2e00-3004 3008-3020 3030 303d 30a0 30fb 3200-33ff e000-f8ff fd3e-fd3f fe00-fe1f fe30-fe6f feff-ff0f ' +
  'ff1a-ff20 ff3b-ff40 ff5b-ff65 ffe0-ffff 1f000-1fbff e0000-e0fff'
)
  .split(' ')
  .map((range) => range.split('-').map((digits) => Number.parseInt(digits, 16)));

/** How the regular expressions of a database write characters. */
export interface RegexSyntax {
  /** A character by its code point. */
  readonly escape: (code: number) => string;
  /** The least character that texts and regular expressions can hold. */
  readonly least: number;
}

/** Regular expressions of JavaScript with the flag `u`. */
export const JAVASCRIPT_REGEX: RegexSyntax = { escape: (code) => `\\u{${code.toString(16)}}`, least: 0 };

/** What a set of characters is made of that holds whatever separates words; stands between brackets. */
export function separatorsIn({ escape, least }: RegexSyntax): string {
  return RANGES.map(([first, last]) => {
    const from = escape(Math.max(first!, least));
    return last === undefined ? from : `${from}-${escape(last)}`;
  }).join('');
}

const WORDS = new RegExp(`[^\\ud800-\\udfff${separatorsIn(JAVASCRIPT_REGEX)}]+`, 'gu');

/** The words of a text, as they are written there. Halves of surrogate pairs separate words as well. */
export function splitWords(text: string): readonly string[] {
  return text.match(WORDS) ?? [];
}
