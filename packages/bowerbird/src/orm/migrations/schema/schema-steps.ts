import { quoteName, quoteText } from './literals.js';
import { type SqlStep } from './step.js';

/**
 * Makes a schema of PostgreSQL unless it is there. It is looked for first: even IF NOT EXISTS takes the right to make schemas,
 * which an account need not have where an administrator made it.
 */
export function createSchema(name: string): SqlStep {
  return {
    kind: 'sql',
    sql: `CREATE SCHEMA IF NOT EXISTS ${quoteName('postgres', name)}`,
    unless: `SELECT 1 ${named(name)}`,
  };
}

/**
 * Drops a schema of PostgreSQL when nothing is in it, it belongs to the account, and it is none of those in which tables
 * without a schema are looked for: somebody else may have made it.
 */
export function dropSchema(name: string): SqlStep {
  return {
    kind: 'sql',
    sql: `DROP SCHEMA ${quoteName('postgres', name)}`,
    unless: `SELECT 1 WHERE NOT EXISTS (SELECT ${named(name)} AND ${DROPPABLE})`,
  };
}

function named(name: string): string {
  return `FROM pg_catalog.pg_namespace n WHERE n.nspname = ${quoteText('postgres', name)}`;
}

/** Whatever is in a schema depends on it. */
const DROPPABLE = [
  "pg_has_role(n.nspowner, 'USAGE')",
  "n.nspname <> ALL (current_schemas(false) || 'public'::name)",
  "NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid AND d.deptype = 'n')",
].join(' AND ');
