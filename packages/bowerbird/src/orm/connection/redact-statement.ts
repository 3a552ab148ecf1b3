import { type Dialect } from '../describe/entity-description.js';

const COMMENT = String.raw`--[^\n]*|/\*[\s\S]*?\*/`;
/** `'it''s'`: only a quote ends the text. */
const PLAIN_TEXT = String.raw`'(?:[^']|'')*'`;
/** `'it\'s'`: a backslash hides what follows it. */
const ESCAPED_TEXT = String.raw`'(?:[^'\\]|\\[\s\S]|'')*'`;
const DOUBLE_QUOTED = String.raw`"(?:[^"]|"")*"`;
const ESCAPED_DOUBLE_QUOTED = String.raw`"(?:[^"\\]|\\[\s\S]|"")*"`;
const BACKTICKED = '`(?:[^`]|``)*`';
const DOLLAR_TEXT = String.raw`\$(?<tag>[A-Za-z_]\w*|)\$[\s\S]*?\$\k<tag>\$`;
const NUMBER = String.raw`(?<![\w$.])\d[\w.]*`;
/** An unfinished text: whatever comes after the quote may be a value. */
const OPEN_TEXT = String.raw`['"][\s\S]*$`;

/** What holds a value in a statement, and what only looks like it and stays: names in quotes. */
const PARTS: Readonly<Record<Dialect, { readonly names: string; readonly values: readonly string[] }>> = {
  sqlite: { names: `${DOUBLE_QUOTED}|${BACKTICKED}`, values: [PLAIN_TEXT, NUMBER] },
  postgres: { names: DOUBLE_QUOTED, values: [`[eE]${ESCAPED_TEXT}`, PLAIN_TEXT, DOLLAR_TEXT, NUMBER] },
  mysql: { names: BACKTICKED, values: [ESCAPED_TEXT, ESCAPED_DOUBLE_QUOTED, NUMBER] },
};

/**
 * A statement without the values that are written into it, on one line: `SELECT "id" FROM "user" WHERE "name" = ?`.
 * Lists of values become one, so that statements that differ in values alone read the same.
 */
export function redactStatement(sql: string, dialect: Dialect): string {
  const { names, values } = PARTS[dialect];
  const pattern = new RegExp([`(?<name>${names})`, `(?<comment>${COMMENT})`, ...values, OPEN_TEXT].join('|'), 'g');
  const bare = sql.replace(pattern, (...match) => {
    const { name, comment } = match.at(-1) as { readonly name?: string; readonly comment?: string };
    return name ?? (comment === undefined ? '?' : ' ');
  });
  return bare
    .replace(/\$\d+/g, '?')
    .replace(/\s+/g, ' ')
    .replace(/\?(\s*,\s*\?)+/g, '?, …')
    .replace(/\(\?, …\)(\s*,\s*\(\?(, …)?\))+/g, '(?, …), …')
    .trim();
}
