import { type Dialect, type SqlText } from './entity-description.js';

const QUOTED = /'(?:[^']|'')*'|"((?:[^"]|"")+)"/g;

/**
 * The condition of a check or of an index as a dialect reads it. Names in double quotes, as the SQL standard has them,
 * are texts to MySQL, where the condition would mean something else; it gets its own quotes.
 */
export function conditionFor(dialect: Dialect, condition: string): string {
  if (dialect !== 'mysql') return condition;
  return condition.replace(QUOTED, (whole, name: string | undefined) =>
    name === undefined ? whole : `\`${name.replaceAll('""', '"').replaceAll('`', '``')}\``,
  );
}

/** Texts, names in quotes, and bare words. */
const WORDS = /'(?:[^']|'')*'|"((?:[^"]|"")+)"|([A-Za-z_$][\w$]*)/g;

/** The names that stand in SQL outside of texts, quoted or not; keywords and functions are among them. */
export function sqlNames(sql: string): readonly string[] {
  return [...sql.matchAll(WORDS)].flatMap(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? []);
}

/** SQL in which names in double quotes have become others; what is not in quotes stays. */
export function renamedNames(sql: string, rename: (name: string) => string): string {
  return sql.replace(QUOTED, (whole, name: string | undefined) => {
    if (name === undefined) return whole;
    const own = name.replaceAll('""', '"');
    const renamed = rename(own);
    return renamed === own ? whole : `"${renamed.replaceAll('"', '""')}"`;
  });
}

/** Each text of SQL that has one for every database, or one per database. */
export function eachText(sql: SqlText, change: (text: string) => string): SqlText {
  if (typeof sql === 'string') return change(sql);
  return Object.fromEntries(Object.entries(sql).map(([dialect, text]) => [dialect, change(text)]));
}
