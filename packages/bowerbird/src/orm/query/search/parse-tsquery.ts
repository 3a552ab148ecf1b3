import { type SearchNode } from './search-node.js';
import { BadSearchQueryError } from './search.errors.js';

/** Parentheses within each other that a query may have. */
const DEEPEST = 30;
/** The longest way between two words, as PostgreSQL has it. */
const FARTHEST = 16_384;

/** An operator, words in quotes, or a word, the last two with what may stand behind their colon. */
const TOKEN = /\s*(?:(<->|<\d{1,5}>|[&|!()])|(?:'((?:[^']|'')*)'|([^\s&|!()<>:'*\\]+))(?::([*A-Da-d]+))?)/y;

/** A piece of a query. */
interface Token {
  /** `&`, `|`, `!`, `(`, `)`, `<->` or `<2>`; empty for words. */
  readonly operator: string;
  readonly text: string;
  readonly flags: string;
}

/**
 * The language of PostgreSQL's `to_tsquery`: `'super cat' & (fox | dog:*) & !slow`, `quick <-> fox`.
 * See https://www.postgresql.org/docs/current/datatype-textsearch.html#DATATYPE-TSQUERY
 * @throws BadSearchQueryError for what is not written in it
 */
export function parseTsquery(text: string): SearchNode {
  return new TsqueryParser(text).parse();
}

class TsqueryParser {
  private readonly tokens: readonly Token[];
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {
    this.tokens = this.split();
  }

  parse(): SearchNode {
    if (this.tokens.length === 0) return { op: 'and', parts: [] };
    const node = this.either();
    if (this.at < this.tokens.length) throw this.unexpected();
    return node;
  }

  private split(): readonly Token[] {
    const text = this.text.trimEnd();
    const tokens: Token[] = [];
    const pattern = new RegExp(TOKEN);
    while (pattern.lastIndex < text.length) {
      const start = pattern.lastIndex;
      const match = pattern.exec(text);
      if (!match)
        throw new BadSearchQueryError(this.text, `it cannot be read from "${text.slice(start, start + 20)}" on`);
      const [, operator = '', quoted, word = '', flags = ''] = match;
      tokens.push({ operator, text: quoted?.replaceAll("''", "'") ?? word, flags: flags.toUpperCase() });
    }
    return tokens;
  }

  private either(): SearchNode {
    return this.list('or', '|', () => this.list('and', '&', () => this.sequence()));
  }

  private list(op: 'and' | 'or', operator: string, next: () => SearchNode): SearchNode {
    const parts = [next()];
    while (this.take(operator)) parts.push(next());
    return parts.length === 1 ? parts[0]! : { op, parts };
  }

  private sequence(): SearchNode {
    let left = this.single();
    for (;;) {
      const [, digits] = /^<(-|\d+)>$/.exec(this.tokens[this.at]?.operator ?? '') ?? [];
      if (digits === undefined) return left;
      this.at += 1;
      left = { op: 'near', left, right: this.single(), distance: this.distance(digits) };
    }
  }

  private distance(digits: string): number {
    const distance = digits === '-' ? 1 : Number(digits);
    if (distance >= 1 && distance <= FARTHEST) return distance;
    throw new BadSearchQueryError(this.text, `a distance is between 1 and ${FARTHEST}`);
  }

  private single(): SearchNode {
    if (this.take('!')) return { op: 'not', part: this.nested(() => this.single()) };
    if (this.take('(')) {
      const inner = this.nested(() => this.either());
      if (!this.take(')')) throw this.unexpected();
      return inner;
    }
    const token = this.tokens[this.at];
    if (!token || token.operator !== '') throw this.unexpected();
    this.at += 1;
    const weights = token.flags.replaceAll('*', '');
    return { op: 'text', text: token.text, together: true, prefix: token.flags.includes('*'), weights };
  }

  private nested(read: () => SearchNode): SearchNode {
    this.depth += 1;
    if (this.depth > DEEPEST) throw new BadSearchQueryError(this.text, `it nests deeper than ${DEEPEST} levels`);
    const node = read();
    this.depth -= 1;
    return node;
  }

  private take(operator: string): boolean {
    if (this.tokens[this.at]?.operator !== operator) return false;
    this.at += 1;
    return true;
  }

  private unexpected(): BadSearchQueryError {
    const token = this.tokens[this.at];
    const found = token ? `"${token.operator || token.text}"` : 'the end';
    return new BadSearchQueryError(this.text, `${found} stands where it cannot`);
  }
}
