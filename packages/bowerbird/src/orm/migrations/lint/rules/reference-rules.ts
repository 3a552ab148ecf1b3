import { type TableChange } from '../../schema/schema-change.js';
import { type ForeignKeySchema } from '../../schema/table-schema.js';
import { type LintRuleCheck } from '../lint-context.js';
import { type LintNote } from '../lint-finding.js';

/** Foreign keys that go while their columns stay. */
export const droppedKeys: LintRuleCheck = ({ change }) =>
  change.changed.flatMap((table) =>
    table.foreignKeys.dropped
      .filter((key) => staysWithout(table, key))
      .map(({ columns, table: target }): LintNote => ({
        rule: 'drops-foreign-key',
        table: table.before.name,
        message: `from now on nothing keeps "${table.before.name}" (${columns.join(', ')}) from naming rows of "${target}" that are not there`,
        advice: 'Keep the relation as it is, or let code look after rows whose target goes',
      })),
  );

/** References of rows that exist which take these along from now on. */
export const newCascades: LintRuleCheck = ({ change }) =>
  change.changed.flatMap((table) =>
    table.foreignKeys.added
      .filter((key) => key.onDelete === 'cascade' && holdsRows(table, key, change.hints.fills) && !cascaded(table, key))
      .map(({ table: target, columns }): LintNote => ({
        rule: 'new-cascade',
        table: table.before.name,
        message: `from now on whoever deletes a row of "${target}" deletes the rows of "${table.before.name}" that name it (${columns.join(', ')})`,
        advice:
          "Where they must stay, keep protect or set-null; else say why it is right: ops.reviewed(operation, 'reason')",
      })),
  );

function staysWithout({ keptColumns, foreignKeys }: TableChange, key: ForeignKeySchema): boolean {
  const kept = keptColumns.filter(({ from }) => key.columns.includes(from.name)).map(({ to }) => to.name);
  return kept.length === key.columns.length && !foreignKeys.added.some(({ columns }) => sameColumns(columns, kept));
}

/** Columns that were there, or that get a value in each row. */
function holdsRows(
  { after, keptColumns }: TableChange,
  { columns }: ForeignKeySchema,
  fills?: ReadonlyMap<string, unknown>,
): boolean {
  return columns.every(
    (name) => keptColumns.some(({ to }) => to.name === name) || fills?.has(`${after.name}.${name}`) === true,
  );
}

/** Whether the same columns had a cascade before. */
function cascaded({ keptColumns, foreignKeys }: TableChange, { columns }: ForeignKeySchema): boolean {
  const before = keptColumns.filter(({ to }) => columns.includes(to.name)).map(({ from }) => from.name);
  return foreignKeys.dropped.some((key) => key.onDelete === 'cascade' && sameColumns(key.columns, before));
}

function sameColumns(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}
