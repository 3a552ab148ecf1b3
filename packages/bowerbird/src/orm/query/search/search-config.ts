import { Expression, PathExpression, type ExpressionContext } from '../expressions/expression.js';
import { QueryUsageError } from '../query.errors.js';
import { raw, sql, type Sql } from '../sql/sql.js';

/** A text search configuration of PostgreSQL: its name, or a value of each row that is one, `F('language')`. */
export type SearchConfig = string | Expression;

/** A configuration as a statement names it. */
export interface WrittenConfig {
  readonly sql: Sql;
  /** Whether rows may have none, in which then nothing is found. */
  readonly nullable: boolean;
}

/** The names that PostgreSQL's text search configurations can have here. */
const CONFIG = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/;

/** The kinds of values that name configurations. */
const NAMES: ReadonlySet<string> = new Set(['string', 'text', 'enum']);

/** The name of a configuration. @throws QueryUsageError for what cannot be one */
export function checkedConfig(config: string): string {
  if (CONFIG.test(config)) return config;
  throw new QueryUsageError(`${JSON.stringify(config)} cannot name a text search configuration`, {
    hint: "Names as PostgreSQL lists them with \\dF: 'english', 'pg_catalog.simple'",
  });
}

/** The same, or an expression. @throws QueryUsageError for what cannot name one */
export function checkedSearchConfig(config: SearchConfig): SearchConfig {
  return config instanceof Expression ? config : checkedConfig(config);
}

/** Whether two configurations are surely the same one. */
export function isSameConfig(one: SearchConfig, other: SearchConfig): boolean {
  if (one instanceof PathExpression && other instanceof PathExpression) return one.path === other.path;
  return one === other;
}

/** A configuration in a statement. @throws QueryUsageError for a value that is no text, and for one of a row where there is none */
export function writtenConfig(config: SearchConfig, context: ExpressionContext | undefined): WrittenConfig {
  if (typeof config === 'string') return { sql: raw(`'${config}'::regconfig`), nullable: false };
  if (!context) throw new QueryUsageError('A text search configuration is a name here, and no expression');
  const { sql: value, kind, nullable } = context.compile(config);
  if (NAMES.has(kind)) return { sql: sql`(${value})::text::regconfig`, nullable };
  throw new QueryUsageError(`A text search configuration is named by a text, not by a ${kind}`);
}

/** Whether a statement names the same configuration twice. */
export function isSameWritten(one: WrittenConfig | undefined, other: WrittenConfig | undefined): boolean {
  if (!one || !other) return one === other;
  const [{ texts, values }, second] = [one.sql, other.sql];
  return texts.join('?') === second.texts.join('?') && values.every((value, index) => value === second.values[index]);
}
