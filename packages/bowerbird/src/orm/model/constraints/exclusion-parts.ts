/** One comparison of an exclusion: what it compares, and how. */
export interface Comparison {
  readonly sql: string;
  readonly operator: string;
}

/** What an exclusion says, taken apart. */
export interface ExclusionParts {
  readonly comparisons: readonly Comparison[];
  /** Rows that count. */
  readonly where?: string;
}

/**
 * Takes `USING gist (room WITH =, (tsrange(a, b)) WITH &&) WHERE (open)` apart; undefined for what does not read so. See
 * https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE
 */
export function exclusionParts(text: string): ExclusionParts | undefined {
  const open = text.indexOf('(');
  const close = open < 0 ? -1 : closing(text, open);
  if (close < 0 || !/^\s*(using\s+\w+\s*)?$/i.test(text.slice(0, open))) return undefined;
  const comparisons = splitList(text.slice(open + 1, close)).map(comparisonOf);
  if (comparisons.some((each) => each === undefined)) return undefined;
  const where = conditionAfter(text.slice(close + 1));
  return { comparisons: comparisons as Comparison[], ...(where !== undefined && { where }) };
}

/** `expr opclass WITH operator`, of which the operator class says nothing about rows. */
function comparisonOf(element: string): Comparison | undefined {
  const [, value, operator] = /^(.*\S)\s+with\s+(\S+|operator\s*\(.*\))\s*$/is.exec(element.trim()) ?? [];
  if (value === undefined || operator === undefined) return undefined;
  const sql = leadingValue(value);
  return sql === undefined ? undefined : { sql, operator };
}

/** A name, a call or something in parentheses. */
function leadingValue(text: string): string | undefined {
  const name = /^(?:"(?:[^"]|"")+"|[A-Za-z_][\w$.]*)?/.exec(text)![0];
  const start = name.length + /^\s*/.exec(text.slice(name.length))![0].length;
  if (text[start] !== '(') return name === '' ? undefined : name;
  const end = closing(text, start);
  return end < 0 ? undefined : text.slice(0, end + 1);
}

function conditionAfter(rest: string): string | undefined {
  const found = /\bwhere\s*(?=\()/i.exec(rest);
  if (!found) return undefined;
  const open = found.index + found[0].length;
  const close = closing(rest, open);
  return close < 0 ? undefined : rest.slice(open + 1, close);
}

/** The pieces between commas outside of parentheses and texts. */
function splitList(text: string): string[] {
  const pieces = [''];
  for (const { mark, depth } of marks(text)) {
    if (mark === ',' && depth === 0) pieces.push('');
    else pieces[pieces.length - 1] += mark;
  }
  return pieces;
}

/** Where the parenthesis that opens at a place is closed, or -1. */
function closing(text: string, open: number): number {
  for (const { mark, depth, at } of marks(text.slice(open))) if (mark === ')' && depth === 0) return open + at;
  return -1;
}

/** The characters of SQL outside of texts and names one by one, those inside together, with the depth of parentheses. */
function* marks(text: string): Generator<{ readonly mark: string; readonly depth: number; readonly at: number }> {
  let depth = 0;
  for (const { 0: mark, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[\s\S]/g)) {
    if (mark === ')') depth -= 1;
    yield { mark, depth, at: index };
    if (mark === '(') depth += 1;
  }
}
