import { FrameworkError } from '#core';

import { FieldError } from '../orm.errors.js';

/** The longest value that a message shows, in characters. */
const SHOWN = 40;

/** A value in a query does not fit the kind of its field: `'abc'` for an integer, a NUL byte in text. */
export class BadLookupValueError extends FieldError {
  readonly code = 'orm.bad_lookup_value';

  constructor(
    readonly path: string,
    value: unknown,
    expected: string,
    cause?: unknown,
  ) {
    super(`"${path}" takes ${expected}, got ${show(value)}`, {
      hint: 'Check values that come from outside, for example with a form, before they reach a query',
      cause,
    });
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

/** A cursor is damaged, or was made for another ordering. */
export class BadCursorError extends FieldError {
  readonly code = 'orm.bad_cursor';

  constructor(cause?: unknown) {
    super('The cursor does not belong to this query', { hint: 'Start again from the first page', cause });
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
