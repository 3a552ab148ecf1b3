import {
  CheckError,
  ExclusionError,
  ForeignKeyError,
  NotNullError,
  UniqueError,
  type BrokenConstraint,
  type EntityDescription,
  type IntegrityError,
} from '#orm';

import { WHOLE_FORM, type FormErrors } from '../form-errors.js';
import { issueOf } from '../validation/field-issue.js';
import { toldBreach } from './told-breach.js';

/** Tells at the fields of a form what the database refused. */
export function addDatabaseIssues(
  errors: FormErrors,
  error: IntegrityError,
  description: EntityDescription,
  fields: ReadonlySet<string>,
): void {
  if (isBreach(error)) {
    for (const constraint of breachesOf(error)) {
      const { field, issue } = toldBreach(description, constraint, fields);
      errors.add(field, issue);
    }
    return;
  }
  const code = codeOf(error);
  // The fields of rows that still refer to this one are those of another form.
  const others = error instanceof ForeignKeyError && error.reason === 'referenced';
  const concerned = others ? [] : error.fields.filter((path) => fields.has(path));
  for (const field of concerned.length > 0 ? concerned : [WHOLE_FORM]) errors.add(field, issueOf(code, {}));
}

function isBreach(error: IntegrityError): boolean {
  return (
    error instanceof UniqueError || error instanceof ExclusionError || (error instanceof CheckError && isNamed(error))
  );
}

/** A value that does not fit its column is refused without a constraint. */
function isNamed({ broken, constraint }: IntegrityError): boolean {
  return broken.length > 0 || constraint !== undefined;
}

/** The constraints that the database named, or what it told of one that nobody declared. */
function breachesOf({ broken, fields, constraint, code }: IntegrityError): readonly BrokenConstraint[] {
  if (broken.length > 0) return broken;
  const kind = KINDS[code] ?? 'check';
  return [{ kind, name: constraint ?? '', paths: fields }];
}

const KINDS: Readonly<Record<string, BrokenConstraint['kind']>> = {
  'orm.unique': 'unique',
  'orm.exclusion': 'exclusion',
};

function codeOf(error: IntegrityError): string {
  if (error instanceof ForeignKeyError) return 'reference';
  if (error instanceof NotNullError) return 'required';
  return error instanceof CheckError ? 'constraint' : 'invalid';
}
