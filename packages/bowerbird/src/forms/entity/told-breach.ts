import { type BrokenConstraint, type EntityDescription } from '#orm';

import { WHOLE_FORM } from '../form-errors.js';
import { issueOf, type FieldIssue } from '../validation/field-issue.js';

/** What a visitor is told of a constraint, and the field that tells it. */
export interface ToldBreach {
  readonly field: string;
  readonly issue: FieldIssue;
}

/** The code of an issue where the constraint has none of its own. */
const CODES: Readonly<Record<BrokenConstraint['kind'], string>> = {
  check: 'constraint',
  unique: 'unique',
  exclusion: 'exclusion',
};

/**
 * How a broken constraint is told, in the words and with the code of the entity where it has some: at the field that the
 * constraint names, at the only one concerned, else at the form.
 */
export function toldBreach(
  description: EntityDescription,
  { kind, paths, at, code, message }: BrokenConstraint,
  fields: ReadonlySet<string>,
): ToldBreach {
  const concerned = at !== undefined && fields.has(at) ? [at] : paths.filter((path) => fields.has(path));
  const labels = paths.map((path) => (description.field(path) ?? description.relation(path))?.label ?? path);
  const params = { entity: description.label.toLowerCase(), fields: labels.join(', ').toLowerCase() };
  const words = message === undefined ? {} : { [CODES[kind]]: message };
  const issue = kind === 'check' ? issueOf(CODES[kind], words) : issueOf(CODES[kind], words, params);
  return {
    field: concerned.length === 1 ? concerned[0]! : WHOLE_FORM,
    issue: code === undefined ? issue : { ...issue, code },
  };
}
