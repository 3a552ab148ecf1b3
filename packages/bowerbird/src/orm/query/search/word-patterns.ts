import { formsOf } from './letters.js';
import { separatorsIn, type RegexSyntax } from './separators.js';

/** One of some words that stand together. */
export interface PatternWord {
  readonly text: string;
  /** Whether it is only the start of the word. */
  readonly prefix: boolean;
  /** How many words it stands behind the one before it; 1 follows it. */
  readonly distance: number;
}

/** Some words that stand together, the first of which there always is. */
export type PatternWords = readonly [PatternWord, ...PatternWord[]];

/**
 * Regular expressions that find words. Each letter is written in all of its cases and each separator is listed, so that no
 * locale and no collation has a say in what a word is and which letters are the same.
 */
export class WordPatterns {
  private readonly separator: string;
  private readonly inside: string;

  constructor(private readonly syntax: RegexSyntax) {
    this.separator = `[${separatorsIn(syntax)}]`;
    this.inside = `[^${separatorsIn(syntax)}]`;
  }

  /** What finds words that stand together. */
  together([head, ...others]: PatternWords): string {
    const end = (others.at(-1) ?? head).prefix ? '' : `(?!${this.inside})`;
    return `${this.start(head)}${this.tail(head, others)}${end}`;
  }

  /** What finds the first of the words where the others follow: a match has as many characters as that word. */
  head([head, ...others]: PatternWords): string {
    if (others.length === 0) return this.together([head]);
    const end = others.at(-1)!.prefix ? '' : `(?:${this.separator}|$)`;
    return `${this.start(head)}(?=${this.tail(head, others)}${end})`;
  }

  private start({ text }: PatternWord): string {
    return `(?<!${this.inside})${this.letters(text)}`;
  }

  /** What stands behind the first word, up to the end of the last one. */
  private tail(head: PatternWord, others: readonly PatternWord[]): string {
    const rest = others.map((word, index) => {
      const before = index === 0 ? head : others[index - 1]!;
      const between = word.distance > 1 ? `(?:${this.inside}+${this.separator}+){${word.distance - 1}}` : '';
      return `${before.prefix ? `${this.inside}*` : ''}${this.separator}+${between}${this.letters(word.text)}`;
    });
    return rest.join('');
  }

  private letters(text: string): string {
    const sets = Array.from(text).map((character) => {
      const forms = formsOf(character).map((form) => this.written(form));
      return forms.length === 1 ? forms[0]! : `[${forms.join('')}]`;
    });
    return sets.join('');
  }

  private written(character: string): string {
    return /^[0-9A-Za-z]$/.test(character) ? character : this.syntax.escape(character.codePointAt(0)!);
  }
}
