import { type Dialect } from '../../../describe/entity-description.js';
import { columnTypeText } from '../../schema/column-types.js';
import { familyOf, lossConditions } from '../../schema/conversions.js';
import { type ColumnSchema } from '../../schema/table-schema.js';
import { lossesOf } from '../guarded-steps.js';
import { type LintRuleCheck } from '../lint-context.js';
import { type LintNote } from '../lint-finding.js';

const REVIEW = "`migrate` refuses while there are any, unless the file says why: ops.reviewed(operation, 'reason')";

/** Tables and columns that go with what is in them. */
export const drops: LintRuleCheck = ({ change }) =>
  lossesOf(change).map(({ table, column }): LintNote =>
    column === null
      ? {
          rule: 'drops-table',
          table,
          destroys: true,
          message: `the table "${table}" is dropped with its rows`,
          advice: `First release code that no longer uses it, then drop it in a later release. ${REVIEW}`,
        }
      : {
          rule: 'drops-column',
          table,
          destroys: true,
          message: `the values of "${table}"."${column.name}" are dropped`,
          advice: `First release code that no longer reads it, then remove it in a later release. ${REVIEW}`,
        },
  );

/** Values that the migration lets the database cut, round or convert. */
export const cuts: LintRuleCheck = ({ change, dialect }) =>
  change.hints.lossy
    ? change.changed.flatMap(({ before, keptColumns }) =>
        keptColumns
          .filter(({ from, to }) => lossConditions(dialect, from.name, from.type, to.type).length > 0)
          .map(({ from }): LintNote => ({
            rule: 'cuts-values',
            table: before.name,
            destroys: true,
            message: `values of "${before.name}"."${from.name}" that do not fit are changed`,
            advice: 'Change them yourself first, with ops.data, and leave `lossy` out: then nothing is lost unseen',
          })),
      )
    : [];

/** Values that stop the migration because they do not fit into another type. */
export const narrows: LintRuleCheck = ({ change, dialect }) =>
  change.hints.lossy
    ? []
    : change.changed.flatMap(({ before, keptColumns }) =>
        keptColumns
          .filter(({ from, to }) => mayNotFit(dialect, from, to))
          .map(({ from, to }): LintNote => ({
            rule: 'narrows-values',
            table: before.name,
            message: `values of "${before.name}"."${from.name}" that do not fit into ${columnTypeText(dialect, to.type)} stop the migration`,
            advice: 'Change them before, with ops.data, or let the database change them: `lossy: true`',
          })),
      );

function mayNotFit(dialect: Dialect, from: ColumnSchema, to: ColumnSchema): boolean {
  if (columnTypeText(dialect, from.type) === columnTypeText(dialect, to.type)) return false;
  const [source, target] = [familyOf(from.type.kind), familyOf(to.type.kind)];
  return lossConditions(dialect, from.name, from.type, to.type).length > 0 || (source !== target && target !== 'text');
}

/** Rows without a value that get the default, because the column must have one. */
export const emptied: LintRuleCheck = ({ change }) =>
  change.changed.flatMap(({ before, after, keptColumns }) =>
    keptColumns
      .filter(({ from, to }) => from.nullable && !to.nullable && to.default !== undefined)
      .filter(({ to }) => !change.hints.fills?.has(`${after.name}.${to.name}`))
      .map(({ to }): LintNote => ({
        rule: 'fills-empty',
        table: before.name,
        message: `rows of "${before.name}" without "${to.name}" get its default, and cannot be told apart afterwards`,
        advice: 'Give them another value with `fill` where that matters',
      })),
  );

/** Columns that must have a value and have none for the rows that exist. */
export const missing: LintRuleCheck = ({ change }) =>
  change.changed.flatMap(({ before, after, addedColumns, keptColumns }) => {
    const filled = (name: string) => change.hints.fills?.has(`${after.name}.${name}`) ?? false;
    const bare = addedColumns.filter(
      ({ name, nullable, generated, default: value }) =>
        !nullable && generated === false && value === undefined && !filled(name),
    );
    const tightened = keptColumns
      .filter(({ from, to }) => from.nullable && !to.nullable && to.default === undefined && !filled(to.name))
      .map(({ to }) => to);
    return [...bare, ...tightened].map(({ name }): LintNote => ({
      rule: 'needs-values',
      table: before.name,
      message: `"${after.name}"."${name}" must have a value, and rows that have none stop the migration`,
      advice: 'Give `fill`; for many rows add the field as nullable, fill it with ops.data, then make it required',
    }));
  });
