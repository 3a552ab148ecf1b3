/** A piece of SQL. */
export interface SqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'mark';
  /** As it is written; of a name and of text what stands between the quotes. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** Spaces and comments; quoted names in three ways; text; words; anything else letter by letter. */
const PIECES =
  /(\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|\[([^\]]*)\]|'((?:[^']|'')*)'|([\p{L}_$][\p{L}\p{N}_$]*)|([\s\S])/gu;

/** Cuts SQL of SQLite into pieces, without spaces and comments. */
export function sqlTokens(sql: string): readonly SqlToken[] {
  return [...sql.matchAll(PIECES)].flatMap((match): SqlToken[] => {
    const [whole, space, double, back, square, text, word] = match;
    if (space !== undefined) return [];
    const place = { start: match.index, end: match.index + whole.length };
    const name = double?.replaceAll('""', '"') ?? back?.replaceAll('``', '`') ?? square;
    if (name !== undefined) return [{ kind: 'name', value: name, ...place }];
    if (text !== undefined) return [{ kind: 'text', value: text.replaceAll("''", "'"), ...place }];
    return [{ kind: word === undefined ? 'mark' : 'word', value: whole, ...place }];
  });
}

/** Whether a token is one of these words. */
export function isWord(token: SqlToken | undefined, ...words: readonly string[]): boolean {
  return token?.kind === 'word' && words.includes(token.value.toUpperCase());
}

/** Whether a token is this mark. */
export function isMark(token: SqlToken | undefined, mark: string): boolean {
  return token?.kind === 'mark' && token.value === mark;
}

/** The index of the parenthesis that closes the one at `open`. */
export function closing(tokens: readonly SqlToken[], open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.length; index += 1) {
    if (isMark(tokens[index], '(')) depth += 1;
    if (isMark(tokens[index], ')')) depth -= 1;
    if (depth === 0) return index;
  }
  return tokens.length;
}

/** The parts between the commas that stand in no parentheses. */
export function splitByComma(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (isMark(token, '(')) depth += 1;
    if (isMark(token, ')')) depth -= 1;
    if (depth === 0 && isMark(token, ',')) parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts.filter((part) => part.length > 0);
}
