import { FrameworkError } from '#core';

import { type FormErrors } from './form-errors.js';
import { type FieldIssue } from './validation/field-issue.js';

/** What a {@link ValidationError} may say beside its message. */
export interface ValidationErrorOptions {
  /** Stable name of what is wrong, for tests and scripts; `invalid` by default. */
  readonly code?: string;
  /** Values that the message mentions. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What visitors entered is wrong. Throw it in `clean()`, in a `clean<Field>()` hook or in a validator. */
export class ValidationError extends FrameworkError {
  readonly code = 'forms.validation';
  override readonly status = 422;
  readonly issues: readonly FieldIssue[];

  constructor(
    problem: string | FieldIssue | readonly FieldIssue[],
    { code = 'invalid', params }: ValidationErrorOptions = {},
  ) {
    const issues =
      typeof problem === 'string' ? [{ code, message: problem, ...(params && { params }) }] : [problem].flat();
    super(issues.map(({ message }) => message).join(' '));
    this.issues = issues;
  }
}

/** A form that is not valid was saved, or the database refused its values; `errors` tells the fields. */
export class FormInvalidError extends FrameworkError {
  readonly code = 'forms.invalid';
  override readonly status = 422;

  constructor(
    form: string,
    readonly errors: FormErrors,
    cause?: unknown,
  ) {
    super(`${form} is not valid: ${errors.summary()}`, {
      hint: 'Ask isValid() first and show the form again when it says no',
      ...(cause !== undefined && { cause }),
    });
  }
}

/** A form without data was asked for what only data can give. */
export class UnboundFormError extends FrameworkError {
  readonly code = 'forms.unbound';

  constructor(form: string, asked: string) {
    super(`${form} has no data, so it has no ${asked}`, { hint: 'Give the form { data: formValues(request) }' });
  }
}

/** A form's options name a field that it does not have. */
export class UnknownFormFieldError extends FrameworkError {
  readonly code = 'forms.unknown_field';

  constructor(form: string, name: string, hint: string) {
    super(`${form} has no field named "${name}"`, { hint: hint || 'Correct the name' });
  }
}

/** A form needs a service that neither its input nor the ambient context gives. */
export class MissingServiceError extends FrameworkError {
  readonly code = 'forms.missing_service';

  constructor(form: string, service: string) {
    super(`${form} needs a ${service}, and there is none in its input or in the ambient context`, {
      hint: `Give it in the input, or use the form inside of a request, a job, a command or a test scope`,
    });
  }
}
