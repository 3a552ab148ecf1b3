import { didYouMean, FrameworkError, type FrameworkErrorOptions } from '#core';

import { FieldError } from '../orm.errors.js';

/** The longest value that a message shows, in characters. */
const SHOWN = 40;

/** What is known of a value that does not fit. */
export interface BadValueDetails {
  /** Class name of the entity that the value was meant to be stored in. */
  readonly entity?: string;
  /** Whether the value is a secret, which no message shows. */
  readonly hidden?: boolean;
  /** What may have been meant. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** A value does not fit the field that it is compared with or stored in: `'abc'` for an integer, a NUL byte in text. */
export class BadLookupValueError extends FieldError {
  readonly code = 'orm.bad_lookup_value';
  /** Class name of the entity that the value was meant to be stored in; undefined for values of lookups. */
  readonly entity: string | undefined;

  constructor(
    readonly path: string,
    value: unknown,
    expected: string,
    { entity, hidden = false, hint, cause }: BadValueDetails = {},
  ) {
    const field = entity === undefined ? `"${path}"` : `"${path}" of ${entity}`;
    super(`${field} takes ${expected}${hidden ? '; what it got is not shown' : `, got ${show(value)}`}`, {
      hint: hint ?? 'Check values that come from outside, for example with a form, before they reach a query',
      cause,
    });
    this.entity = entity;
  }
}

/**
 * The database refused a value that the checks before it let pass: too long or too great for a column of which only the
 * database knows, a division by zero. Nothing of the statement was kept.
 */
export class RefusedValueError extends FieldError {
  readonly code = 'orm.refused_value';

  constructor(
    message: string,
    /** Property paths concerned; empty when the database does not tell. */
    readonly fields: readonly string[],
    options: FrameworkErrorOptions = {},
  ) {
    super(message, options);
  }
}

/** An expression stands where only a value can be stored: in a row that belongs to another one, in a repository. */
export class MisplacedExpressionError extends FrameworkError {
  readonly code = 'orm.misplaced_expression';

  constructor(entity: string, path: string, hint = 'Use update(), or save the row itself by Database.save()') {
    super(`"${path}" of ${entity} takes a value here, not an expression`, { hint });
  }
}

/** A path exists but cannot serve here: a to-many relation in `selectRelated`, a column in `prefetchRelated`. */
export class UnfitPathError extends FieldError {
  readonly code = 'orm.unfit_path';

  constructor(
    entity: string,
    readonly path: string,
    reason: string,
    hint: string,
  ) {
    super(`"${path}" of ${entity} ${reason}`, { hint });
  }
}

/** The part after `__` of a path names nothing that is made of its value: `F('name__lowr')`. */
export class UnknownTransformError extends FieldError {
  readonly code = 'orm.unknown_transform';

  constructor(
    readonly path: string,
    name: string,
    known: Iterable<string>,
  ) {
    const names = [...known].sort();
    super(`"${path}" has no transform "${name}". ${didYouMean(name, names)}`.trim(), {
      hint: `${names.length > 0 ? `Known transforms: ${names.join(', ')}` : 'Its kind has none'}. Comparisons belong into filter() and Q()`,
    });
  }
}

/** A cursor is damaged, or was made for another ordering. */
export class BadCursorError extends FieldError {
  readonly code = 'orm.bad_cursor';

  constructor(cause?: unknown) {
    super('The cursor does not belong to this query', { hint: 'Start again from the first page', cause });
  }
}

/** No zone of the IANA database has this name. */
export class UnknownTimeZoneError extends FieldError {
  readonly code = 'orm.unknown_time_zone';

  constructor(
    readonly zone: unknown,
    nearest: string | undefined,
  ) {
    const guess = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
    super(`There is no time zone ${show(zone)}.${guess}`, {
      hint: 'Use UTC or a name of the IANA database with its area, such as Europe/Berlin',
    });
  }
}

/** A query was changed or used in a way that its slice, shape or ordering does not allow. */
export class QueryUsageError extends FrameworkError {
  readonly code = 'orm.query_usage';
}

function show(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value);
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid date' : value.toISOString();
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return `a ${value.constructor?.name ?? 'plain object'}`;
}
