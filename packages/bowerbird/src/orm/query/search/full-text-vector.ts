import { separatorsIn, type RegexSyntax } from './separators.js';

/** Regular expressions of PostgreSQL, whose texts hold no NUL. */
export const POSTGRES_REGEX: RegexSyntax = {
  escape: (code) =>
    code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`,
  least: 1,
};

/** True for the words of the framework, or the name of one of PostgreSQL's text search configurations. */
export type FullText = true | string;

/**
 * The vector that a full-text index of PostgreSQL holds, over columns as the statement names them. Without a config nothing
 * but words reaches PostgreSQL's parser, which would take `example.org` for one.
 */
export function fullTextVector(columns: readonly string[], fullText: FullText): string {
  const text = columns.map((column) => `COALESCE((${column})::text, '')`).join(` || ' ' || `);
  if (fullText !== true) return `to_tsvector('${fullText}'::regconfig, ${text})`;
  const separators = `[${separatorsIn(POSTGRES_REGEX)}]+`;
  return `to_tsvector('pg_catalog.simple'::regconfig, regexp_replace(${text}, '${separators}', ' ', 'g'))`;
}
