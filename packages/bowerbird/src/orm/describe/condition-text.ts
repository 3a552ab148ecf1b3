import { type Dialect } from './entity-description.js';

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
