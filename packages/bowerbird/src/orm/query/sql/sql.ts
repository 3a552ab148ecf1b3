/** A finished statement: text with placeholders, and the values in their order. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * A piece of SQL in which values stay apart from the text, so that pieces can be put together in any order and none
 * of them can be read as SQL.
 */
export class Sql {
  constructor(
    /** One more than the values, which stand between them. */
    readonly texts: readonly string[],
    readonly values: readonly unknown[],
  ) {}

  /** The statement, with `placeholder` for the n-th value (from 1). */
  render(placeholder: (index: number) => string): Statement {
    let text = this.texts[0]!;
    for (let index = 1; index < this.texts.length; index += 1) text += placeholder(index) + this.texts[index]!;
    return { sql: text, parameters: this.values };
  }
}

/** SQL that is known to be safe: keywords, and names that were quoted by the dialect. */
export function raw(text: string): Sql {
  return new Sql([text], []);
}

/** A bound value. */
export function bind(value: unknown): Sql {
  return new Sql(['', ''], [value]);
}

/** Nothing. */
export const NOTHING: Sql = raw('');

/** Puts pieces together: sql`${column} = ${value}`. Whatever is no piece of SQL becomes a bound value. */
export function sql(strings: TemplateStringsArray, ...pieces: readonly unknown[]): Sql {
  const texts = [strings[0]!];
  const values: unknown[] = [];
  for (let index = 0; index < pieces.length; index += 1) {
    const piece = pieces[index];
    append(texts, values, piece instanceof Sql ? piece : bind(piece));
    texts[texts.length - 1] += strings[index + 1]!;
  }
  return new Sql(texts, values);
}

/** Pieces with text between them. */
export function join(pieces: readonly Sql[], separator: string): Sql {
  const texts = [''];
  const values: unknown[] = [];
  pieces.forEach((piece, index) => {
    if (index > 0) texts[texts.length - 1] += separator;
    append(texts, values, piece);
  });
  return new Sql(texts, values);
}

/** Conditions beside each other, of which SQLite takes a thousand: its expressions are no deeper, and each is a level. */
const CONDITIONS_TOGETHER = 200;

/** Conditions with a word between them, in parentheses; many are groups of groups, so that no database finds them deep. */
export function chain(conditions: readonly Sql[], word: 'AND' | 'OR'): Sql {
  const size = Math.max(CONDITIONS_TOGETHER, Math.ceil(conditions.length / CONDITIONS_TOGETHER));
  if (conditions.length <= size) return sql`(${join(conditions, ` ${word} `)})`;
  const groups = Array.from({ length: Math.ceil(conditions.length / size) }, (_, index) =>
    chain(conditions.slice(index * size, (index + 1) * size), word),
  );
  return chain(groups, word);
}

/** Bound values in parentheses: `(?, ?, ?)`. */
export function list(values: readonly unknown[]): Sql {
  return new Sql(['(', ...Array<string>(values.length - 1).fill(', '), ')'], values);
}

function append(texts: string[], values: unknown[], piece: Sql): void {
  texts[texts.length - 1] += piece.texts[0]!;
  for (let index = 1; index < piece.texts.length; index += 1) {
    texts.push(piece.texts[index]!);
    values.push(piece.values[index - 1]);
  }
}
