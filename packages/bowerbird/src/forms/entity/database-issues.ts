import {
  CheckError,
  ForeignKeyError,
  NotNullError,
  UniqueError,
  type EntityDescription,
  type IntegrityError,
} from '#orm';

import { WHOLE_FORM, type FormErrors } from '../form-errors.js';
import { issueOf } from '../validation/field-issue.js';
import { clashOf, ownMessage } from './uniqueness.js';

/** Tells at the fields of a form what the database refused. */
export function addDatabaseIssues(
  errors: FormErrors,
  error: IntegrityError,
  description: EntityDescription,
  fields: ReadonlySet<string>,
): void {
  if (error instanceof UniqueError) {
    const { field, issue } = clashOf(description, error.fields, fields, error.constraint);
    errors.add(field, issue);
    return;
  }
  const code = codeOf(error);
  // The fields of rows that still refer to this one are those of another form.
  const others = error instanceof ForeignKeyError && error.reason === 'referenced';
  const concerned = others ? [] : error.fields.filter((path) => fields.has(path));
  for (const field of concerned.length > 0 ? concerned : [WHOLE_FORM])
    errors.add(field, issueOf(code, ownMessage(description, code, error.constraint)));
}

function codeOf(error: IntegrityError): string {
  if (error instanceof ForeignKeyError) return 'reference';
  if (error instanceof NotNullError) return 'required';
  return error instanceof CheckError ? 'constraint' : 'invalid';
}
