import { type SearchNode, type SearchText } from './search-node.js';

const EMPTY: Omit<SearchText, 'text'> = { op: 'text', together: true, prefix: false, weights: '' };

/** Exclusion marks, then words in quotes with a star behind them, or a piece of text up to the next space or quote. */
const TERM = /(-*)(?:"([^"]*)"?(\*?)|([^\s"]+))/g;

/** A word between two terms that makes them alternatives. */
const OR = /^or$/i;

/** A text all of whose words are looked for. */
export function parsePlain(text: string): SearchNode {
  return { ...EMPTY, text, together: false };
}

/** A text whose words follow each other. */
export function parsePhrase(text: string): SearchNode {
  return { ...EMPTY, text };
}

/**
 * What people type into a search box: words, `"words that follow each other"`, `-excluded`, `one or other`, `begin*`. Any
 * text is a query. Words bind more than `or`, as in PostgreSQL's `websearch_to_tsquery`.
 */
export function parseWebsearch(text: string): SearchNode {
  const alternatives: SearchNode[][] = [[]];
  const terms = [...text.matchAll(TERM)];
  terms.forEach(([, marks = '', quoted, star = '', piece = ''], index) => {
    const current = alternatives.at(-1)!;
    const divides = marks === '' && OR.test(piece) && current.length > 0 && index < terms.length - 1;
    if (divides) alternatives.push([]);
    else
      current.push(
        excluded(marks, quoted === undefined ? pieceOf(piece) : { ...EMPTY, text: quoted, prefix: star !== '' }),
      );
  });
  return either(alternatives.map((parts) => ({ op: 'and', parts })));
}

/** A term with hyphens or the like in it is its parts, one after another. */
function pieceOf(piece: string): SearchText {
  const text = piece.replace(/\*+$/, '');
  return { ...EMPTY, text, prefix: text !== piece };
}

function excluded(marks: string, term: SearchText): SearchNode {
  return marks === '' ? term : { op: 'not', part: term };
}

function either(parts: readonly SearchNode[]): SearchNode {
  return parts.length === 1 ? parts[0]! : { op: 'or', parts };
}
