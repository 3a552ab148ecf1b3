import { lossConditions } from '../../schema/conversions.js';
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
