import { FrameworkError } from '#core';
import { FormErrors, WHOLE_FORM, type FieldIssue } from '#forms';
import { BadRequestError, ForbiddenError, HttpError, NotFoundError, UnprocessableError } from '#http';
import { type QueryUsageError } from '#orm';

import { type VersionsConfig } from './versions/versions.options.js';

/** A serializer was asked for that was never described. */
export class UnknownSerializerError extends FrameworkError {
  readonly code = 'api.unknown_serializer';
  override readonly status = 500;

  constructor(name: string) {
    super(`${name} is not known as a serializer`, {
      hint: 'Give it @Serializer() and name it in a viewset, or list it among the providers of a module',
    });
  }
}

/** 400: the input is refused; `errors` tells each field. */
export class InvalidInputError extends BadRequestError {
  override readonly code = 'api.invalid';
  /** What is wrong by name, with codes. */
  readonly issues: Readonly<Record<string, readonly FieldIssue[]>>;

  constructor(errors: FormErrors, cause?: unknown) {
    super('Some values are not accepted', { errors: errors.messages(), ...(cause !== undefined && { cause }) });
    this.issues = errors.toJSON();
  }

  /** The same error for input that stands inside of other input. */
  below(prefix: string): InvalidInputError {
    const errors = new FormErrors();
    for (const [name, issues] of Object.entries(this.issues))
      errors.add(name === WHOLE_FORM ? prefix : `${prefix}.${name}`, ...issues);
    return new InvalidInputError(errors, this);
  }
}

/** 403: the user is known and may not do this. Nobody is told what is missing. */
export class ForbiddenActionError extends ForbiddenError {
  override readonly code = 'api.forbidden';

  constructor(action: string) {
    super('You do not have permission to do this', { hint: `The account may not "${action}"` });
  }
}

/** 403: what was sent would take the row out of what the user may see. */
export class OutOfScopeError extends ForbiddenError {
  override readonly code = 'api.out_of_scope';

  constructor() {
    super('These values are outside of what you may see', {
      hint: 'The scope of the viewset or a policy leaves the row out',
    });
  }
}

/** 406: no format that the viewset writes is acceptable. */
export class NotAcceptableError extends HttpError {
  readonly code = 'api.not_acceptable';
  override readonly status = 406;

  constructor(offered: readonly string[]) {
    super(`None of the accepted media types can be given. There are: ${offered.join(', ')}`);
  }
}

/** 400, or 406 where media types name versions: the version is missing or none that there is. */
export class UnknownVersionError extends HttpError {
  readonly code = 'api.unknown_version';
  override readonly status: number;

  /** @param named what the request names; undefined for nothing */
  constructor(named: string | undefined, { by, name, known }: Pick<VersionsConfig, 'by' | 'name' | 'known'>) {
    const shown = named !== undefined && named.length > 40 ? `${named.slice(0, 40)}…` : named;
    const wrong = shown === undefined ? 'The request names no version' : `There is no version "${shown}"`;
    super(`${wrong}. There are: ${known.join(', ')}`, { errors: { [name]: [`There are: ${known.join(', ')}.`] } });
    this.status = by === 'mediaType' ? 406 : 400;
  }
}

/** 403: the server makes the keys of these rows (https://jsonapi.org/format/1.1/#crud-creating-client-ids). */
export class ClientIdError extends ForbiddenError {
  override readonly code = 'api.client_id';

  constructor() {
    super('The id of a new resource is chosen by the server; leave it out');
  }
}

/** 400: the header cannot be a key. */
export class BadIdempotencyKeyError extends BadRequestError {
  override readonly code = 'api.bad_idempotency_key';

  constructor() {
    super(
      'The Idempotency-Key has to be a text of 1 to 255 visible characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"',
    );
  }
}

/** 422: the key was used for another request. */
export class ReusedIdempotencyKeyError extends UnprocessableError {
  override readonly code = 'api.reused_idempotency_key';

  constructor() {
    super('This Idempotency-Key was used for another request. Take a new one for each request.');
  }
}

/** 412: the row was changed since the client read it (RFC 9110, section 13.1.1). */
export class PreconditionFailedError extends HttpError {
  readonly code = 'api.precondition_failed';
  override readonly status = 412;

  constructor() {
    super('The row was changed meanwhile. Read it again.');
  }
}

/** A controller is asked for as a viewset that could not be described. */
export class UnknownViewSetError extends FrameworkError {
  readonly code = 'api.unknown_viewset';
  override readonly status = 500;

  constructor(name: string) {
    super(`${name} is not known as a viewset`, {
      hint: 'Give it @ViewSet() and list it among the controllers of a module',
    });
  }
}

/** 400: parameters of the address cannot be used; `errors` tells each. */
export class BadParametersError extends BadRequestError {
  override readonly code = 'api.bad_parameters';

  constructor(errors: Readonly<Record<string, readonly string[]>>) {
    super('Some parameters are not accepted', { errors });
  }
}

/** 400: nobody declared these parameters. */
export class UnknownParameterError extends BadRequestError {
  override readonly code = 'api.unknown_parameter';

  /** @param unknown names with the nearest declared one */
  constructor(unknown: readonly (readonly [name: string, meant: string | undefined])[]) {
    const [[first, meant] = ['', undefined]] = unknown;
    const guess = (name: string | undefined): string => (name === undefined ? '' : ` Did you mean "${name}"?`);
    const shown = first.length > 80 ? `${first.slice(0, 80)}…` : first;
    super(`There is no parameter "${shown}".${guess(meant)}`, {
      errors: Object.fromEntries(unknown.map(([name, near]) => [name, [`There is no such parameter.${guess(near)}`]])),
    });
  }
}

/** 400: a cursor is damaged, or of another list, order or filter. */
export class ForeignCursorError extends BadRequestError {
  override readonly code = 'api.bad_cursor';

  constructor(parameter: string, cause?: unknown) {
    const message = 'This cursor does not belong to this list. Start again from its first page.';
    super(message, { errors: { [parameter]: [message] }, ...(cause !== undefined && { cause }) });
  }
}

/** 404: the list has fewer pages. */
export class NoSuchPageError extends NotFoundError {
  override readonly code = 'api.no_such_page';

  constructor(page: string) {
    super(`There is no page ${page.length > 20 ? `${page.slice(0, 20)}…` : page}`);
  }
}

/** The rows of a list have no places that cursors could name: groups, slices, those of a random order. */
export class UnpageableRowsError extends FrameworkError {
  readonly code = 'api.unpageable_rows';
  override readonly status = 500;

  constructor(list: string, cause: QueryUsageError) {
    super(`The rows of ${list} cannot be paged by cursors. ${cause.message}`, {
      hint: 'Let scope() narrow the rows that it is given by filter() and exclude(), or page them by pages() or limitOffset()',
      cause,
    });
  }
}

/** Pages by cursors were asked of a pagination that nothing was told of its list. */
export class UnboundPaginationError extends FrameworkError {
  readonly code = 'api.unbound_pagination';
  override readonly status = 500;

  constructor() {
    super('A cursor has to know the list that it is of', {
      hint: 'Name the pagination in the options of a viewset, or call bind() first',
    });
  }
}
