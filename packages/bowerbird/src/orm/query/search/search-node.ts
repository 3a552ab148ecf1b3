import { BadSearchQueryError } from './search.errors.js';
import { splitWords } from './separators.js';
import { type PatternWords } from './word-patterns.js';

/** The longest way between two words that regular expressions look for. */
const FARTHEST = 50;

/** A query as it was typed: a tree whose leaves are texts. */
export type SearchNode =
  | SearchText
  | { readonly op: 'and' | 'or'; readonly parts: readonly SearchNode[] }
  | { readonly op: 'not'; readonly part: SearchNode }
  | { readonly op: 'near'; readonly left: SearchNode; readonly right: SearchNode; readonly distance: number };

/** Words that are looked for. */
export interface SearchText {
  readonly op: 'text';
  readonly text: string;
  /** Whether its words follow each other; otherwise they may stand anywhere. */
  readonly together: boolean;
  /** Whether its last word may go on. */
  readonly prefix: boolean;
  /** The weights of a vector in which it may stand (`AB`); empty for any. */
  readonly weights: string;
}

/** A query of words alone, as the framework looks for them itself. */
export type WordNode =
  | { readonly op: 'words'; readonly words: PatternWords }
  | { readonly op: 'and' | 'or'; readonly parts: readonly WordNode[] }
  | { readonly op: 'not'; readonly part: WordNode };

/** The words of a query, or undefined where there are none. @throws BadSearchQueryError for what words alone cannot say */
export function wordsOf(node: SearchNode): WordNode | undefined {
  if (node.op === 'text') return wordsOfText(node);
  if (node.op === 'near') return nearWords(node);
  if (node.op === 'not') {
    const part = wordsOf(node.part);
    return part && { op: 'not', part };
  }
  return joined(
    node.op,
    node.parts.map(wordsOf).filter((part) => part !== undefined),
  );
}

/** Every set of words whose presence counts for a query; those that must not be there are left out. */
export function wantedWords(node: WordNode): readonly PatternWords[] {
  if (node.op === 'words') return [node.words];
  return node.op === 'not' ? [] : node.parts.flatMap(wantedWords);
}

/** One part stands for itself; none are nothing. */
export function joined(op: 'and' | 'or', parts: readonly WordNode[]): WordNode | undefined {
  return parts.length > 1 ? { op, parts } : parts[0];
}

function wordsOfText({ text, together, prefix, weights }: SearchText): WordNode | undefined {
  if (weights !== '')
    throw new BadSearchQueryError(text, 'a weight behind a word needs a vector with a config, on PostgreSQL');
  const texts = splitWords(text);
  const words = texts.map((word, index) => ({ text: word, prefix: prefix && index === texts.length - 1, distance: 1 }));
  if (together) return isSome(words) ? { op: 'words', words } : undefined;
  return joined(
    'and',
    words.map((word): WordNode => ({ op: 'words', words: [word] })),
  );
}

function nearWords({ left, right, distance }: Extract<SearchNode, { op: 'near' }>): WordNode | undefined {
  const [before, after] = [wordsOf(left), wordsOf(right)];
  if (!before || !after) return before ?? after;
  if (before.op !== 'words' || after.op !== 'words')
    throw new BadSearchQueryError('<->', 'it stands between words, unless the vector has a config, on PostgreSQL');
  if (distance > FARTHEST) throw new BadSearchQueryError(`<${distance}>`, `a distance is at most ${FARTHEST}`);
  const [head, ...others] = after.words;
  return { op: 'words', words: [...before.words, { ...head, distance }, ...others] };
}

function isSome<T>(list: readonly T[]): list is readonly [T, ...T[]] {
  return list.length > 0;
}
