import { type LintRuleCheck } from '../lint-context.js';
import { type LintNote } from '../lint-finding.js';

/** Full-text indexes, for which InnoDB keeps writers out in any case. */
export const fullTextLocks: LintRuleCheck = ({ change, dialect }) =>
  dialect !== 'mysql'
    ? []
    : change.changed.flatMap(({ before, indexes }) =>
        indexes.added
          .filter(({ fullText }) => fullText !== undefined)
          .map(({ columns }): LintNote => ({
            rule: 'blocks-writes',
            table: before.name,
            message: `a full-text index over ${columns.join(', ')} is built, and nobody can write to "${before.name}" meanwhile`,
            advice: 'Run it while little is written; the first one of a table also has the table written anew',
          })),
      );
