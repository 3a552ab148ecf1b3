import { BadLookupValueError, RefusedValueError, type EntityDescription } from '#orm';

import { WHOLE_FORM, type FormErrors } from '../form-errors.js';
import { issueOf } from '../validation/field-issue.js';

/** Tells at the fields of a form which of its values could not be stored; false for an error of another kind. */
export function addValueIssues(
  errors: FormErrors,
  error: unknown,
  { name }: EntityDescription,
  fields: ReadonlySet<string>,
): boolean {
  const paths = unfitPaths(error, name);
  if (!paths) return false;
  const concerned = paths.filter((path) => fields.has(path));
  for (const field of concerned.length > 0 ? concerned : [WHOLE_FORM]) errors.add(field, issueOf('invalid', {}));
  return true;
}

/** Values of another entity's rows were not entered here. */
function unfitPaths(error: unknown, entity: string): readonly string[] | undefined {
  if (error instanceof RefusedValueError) return error.fields;
  return error instanceof BadLookupValueError && error.entity === entity ? [error.path] : undefined;
}
