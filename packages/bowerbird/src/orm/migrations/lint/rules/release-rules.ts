import { newColumnName } from '../../schema/carried-parts.js';
import { type LintRuleCheck } from '../lint-context.js';
import { type LintNote } from '../lint-finding.js';

const ADVICE =
  'Where old and new code run side by side, add the new name beside the old one, copy with ops.data, and remove the old ' +
  'one in a later release; or keep the name in the database: @Column({ name })';

/** Names that code which still runs will look for in vain. */
export const renames: LintRuleCheck = ({ change }) =>
  change.changed.flatMap(({ before, after }) => {
    const note = (message: string): LintNote => ({
      rule: 'breaks-running-code',
      table: before.name,
      message: `${message}, and code that still runs knows only the old name`,
      advice: ADVICE,
    });
    const columns = before.columns
      .map(({ name }) => [name, newColumnName(change.hints, after.name, name)] as const)
      .filter(([from, to]) => from !== to);
    return [
      ...(before.name === after.name ? [] : [note(`the table "${before.name}" is named "${after.name}" from now on`)]),
      ...columns.map(([from, to]) => note(`"${before.name}"."${from}" is named "${to}" from now on`)),
    ];
  });

const DROPS = /\b(drop\s+(table|column|schema|database|view)|truncate)\b/i;

/** SQL written by hand that drops something: nobody asks the rows before it runs. */
export const rawDrops: LintRuleCheck = ({ operation, dialect }) =>
  operation
    .sqlTexts(dialect)
    .filter((text) => DROPS.test(text))
    .map((text): LintNote => ({
      rule: 'raw-drop',
      table: '',
      destroys: true,
      message: `SQL drops something: ${text.replace(/\s+/g, ' ').slice(0, 80)}`,
      advice: "It runs without being asked. Say why that is right: ops.reviewed(ops.sql(…), 'reason')",
    }));
