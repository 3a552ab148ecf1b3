import { type Dialect } from '../../../describe/entity-description.js';
import { type TableChange } from '../../schema/schema-change.js';
import { isSqlExpression } from '../../state/field-state.js';
import { type LintContext, type LintRuleCheck } from '../lint-context.js';
import { type LintNote } from '../lint-finding.js';
import { rewritesColumn, rewritesForNewColumn } from './rewrites.js';

const EXPAND =
  'Add a new field beside the old one, write both in one release, fill it with ops.data in batches, then read it and ' +
  'remove the old one in a later release';

const REWRITE_ADVICE: Readonly<Record<Dialect, string>> = {
  postgres: EXPAND,
  mysql: EXPAND,
  sqlite: 'Run it while little is written; readers are not kept waiting with the write-ahead log on',
};

/** Changes for which the database writes the whole table anew. */
export const rewrites: LintRuleCheck = (context) =>
  context.change.changed.flatMap((table) => {
    const reason = rewriteReason(table, context);
    if (reason === undefined) return [];
    return [
      {
        rule: 'rewrites-table',
        table: table.before.name,
        message: `"${table.before.name}" is written anew, and nobody can write to it meanwhile: ${reason}`,
        advice: REWRITE_ADVICE[context.dialect],
      },
    ];
  });

function rewriteReason(table: TableChange, { dialect, steps }: LintContext): string | undefined {
  if (dialect === 'sqlite') {
    const made = `CREATE TABLE "new__${table.after.name.replaceAll('"', '""')}"`;
    const rebuilt = steps.some((step) => step.kind === 'sql' && step.sql.startsWith(made));
    return rebuilt ? 'SQLite cannot change it in place' : undefined;
  }
  const retyped = table.keptColumns.find((column) => rewritesColumn(dialect, column));
  if (retyped) return `the type of "${retyped.to.name}" changes`;
  const added = table.addedColumns.find((column) => rewritesForNewColumn(dialect, column));
  if (added) return `"${added.name}" gets a value of its own in every row`;
  if (table.primaryKey.added.length > 0) return 'its key changes';
  const copied = dialect === 'mysql' && table.foreignKeys.added.length + table.checks.added.length > 0;
  return copied ? 'a foreign key or check is added' : undefined;
}

const online = 'ops.online(operation)';

/** Indexes that are built while nobody can write. */
export const blockedWrites: LintRuleCheck = ({ change, dialect, operation }) =>
  dialect === 'mysql' || operation.online
    ? []
    : change.changed.flatMap(({ before, uniques, indexes }) =>
        [...uniques.added, ...indexes.added].map(({ columns }): LintNote => ({
          rule: 'blocks-writes',
          table: before.name,
          message: `an index over ${columns.join(', ')} is built, and nobody can write to "${before.name}" meanwhile`,
          advice:
            dialect === 'postgres'
              ? `${online} builds it concurrently`
              : 'Run it while little is written: SQLite has one writer at a time',
        })),
      );

/** What InnoDB does while others write, if nothing about the table keeps it from that. */
export const mayBlock: LintRuleCheck = (context) =>
  context.dialect !== 'mysql' || context.operation.online
    ? []
    : context.change.changed.flatMap((table) => {
        const long = rewriteReason(table, context) === undefined ? longReasons(table) : [];
        return long.map((reason): LintNote => ({
          rule: 'may-block',
          table: table.before.name,
          message: `the server goes through all of "${table.before.name}", and whether others can write meanwhile is up to it: ${reason}`,
          advice: "ops.online(operation, { algorithm: 'inplace' }) has the server refuse where they could not",
        }));
      });

function longReasons({ uniques, indexes, keptColumns }: TableChange): readonly string[] {
  const tested = keptColumns.filter(({ from, to }) => from.nullable !== to.nullable);
  return [
    ...[...uniques.added, ...indexes.added].map(({ columns }) => `an index over ${columns.join(', ')} is built`),
    ...tested.map(({ to }) => `"${to.name}" ${to.nullable ? 'may be empty' : 'must have a value'} from now on`),
  ];
}

/** Rules that existing rows are tested against under a lock; PostgreSQL can do that afterwards, without one. */
export const scans: LintRuleCheck = ({ change, dialect, operation }) =>
  dialect !== 'postgres' || operation.online
    ? []
    : change.changed.flatMap(({ before, foreignKeys, checks, keptColumns }) => {
        const required = keptColumns.filter(({ from, to }) => from.nullable && !to.nullable);
        const rules = [
          ...foreignKeys.added.map(({ columns }) => `the foreign key over ${columns.join(', ')}`),
          ...checks.added.map(({ name }) => `the check "${name}"`),
          ...required.map(({ to }) => `NOT NULL of "${to.name}"`),
        ];
        return rules.map((rule): LintNote => ({
          rule: 'scans-table',
          table: before.name,
          message: `${rule} is tested against every row of "${before.name}" under a lock`,
          advice: `${online} adds the rule for new rows first and tests the others without a lock`,
        }));
      });

/** Values that one statement writes into every row. */
export const fills: LintRuleCheck = ({ change, dialect, operation }) =>
  dialect === 'sqlite' || operation.online
    ? []
    : change.changed.flatMap(({ before, after, addedColumns, keptColumns }) => {
        const fill = (name: string): unknown => change.hints.fills?.get(`${after.name}.${name}`);
        const added = addedColumns.filter(({ name }) => isSqlExpression(fill(name)));
        const required = keptColumns
          .filter(({ from, to }) => from.nullable && !to.nullable && fill(to.name) !== undefined)
          .map(({ to }) => to);
        return [...added, ...required].map(({ name }): LintNote => ({
          rule: 'fills-at-once',
          table: before.name,
          message: `one statement gives every row of "${before.name}" a value of "${name}" and locks them until it is done`,
          advice: `${online} fills it in batches`,
        }));
      });
