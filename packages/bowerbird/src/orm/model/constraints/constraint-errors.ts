import { type EntityDescription } from '../../describe/entity-description.js';
import { CheckError, ExclusionError, UniqueError, type IntegrityError } from '../../orm.errors.js';
import { type BrokenConstraint } from './constraint-rules.js';

/** What an error says beside its message. */
export interface ErrorParts {
  readonly fields: readonly string[];
  readonly constraint: string | undefined;
  readonly cause?: unknown;
  readonly broken?: readonly BrokenConstraint[];
}

type ErrorOf = (name: string, list: string, parts: ErrorParts) => IntegrityError;

/** The error of each kind of constraint, whoever found that it is broken. */
export const CONSTRAINT_ERRORS: Readonly<Record<BrokenConstraint['kind'], ErrorOf>> = {
  unique: (name, list, { fields, constraint, ...more }) =>
    new UniqueError(`Another ${name} has the same ${list}`, fields, constraint, more),
  check: (name, list, { fields, constraint, ...more }) =>
    new CheckError(`${name} breaks the rule of ${list}`, fields, constraint, more),
  exclusion: (name, list, { fields, constraint, ...more }) =>
    new ExclusionError(`Another ${name} is in the way: ${list}`, fields, constraint, more),
};

/** The error that the database would give for the first of them, with all of them told. */
export function brokenError({ name }: EntityDescription, broken: readonly BrokenConstraint[]): IntegrityError {
  const { kind, name: constraint, paths } = broken[0]!;
  const list = paths.length > 0 ? paths.join(', ') : constraint;
  return CONSTRAINT_ERRORS[kind](name, list, { fields: paths, constraint, broken });
}
