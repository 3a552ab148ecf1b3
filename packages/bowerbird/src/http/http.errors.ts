import { FrameworkError, type FrameworkErrorOptions } from '#core';

/** What an {@link HttpError} may carry beside its message. */
export interface HttpErrorOptions extends FrameworkErrorOptions {
  /** Headers for the response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Messages by field path for the problem document; the empty path concerns the whole input. */
  readonly errors?: Readonly<Record<string, readonly string[]>>;
}

/** An error that is meant for the visitor: unlike other framework errors, its message is shown to the client. */
export abstract class HttpError extends FrameworkError {
  readonly headers: Readonly<Record<string, string>>;
  readonly errors?: Readonly<Record<string, readonly string[]>>;

  constructor(message: string, options: HttpErrorOptions = {}) {
    super(message, options);
    this.headers = options.headers ?? {};
    if (options.errors) this.errors = options.errors;
  }
}

/** 400: the request cannot be understood. */
export class BadRequestError extends HttpError {
  readonly code: string = 'http.bad_request';
  override readonly status: number = 400;
}

/** 400: the body is not what its content type says. */
export class MalformedBodyError extends BadRequestError {
  override readonly code = 'http.malformed_body';
}

/** 400: the `Host` header is malformed or not in `http.allowedHosts`. */
export class DisallowedHostError extends BadRequestError {
  override readonly code = 'http.disallowed_host';
}

/** 401: the request needs a login. */
export class UnauthorizedError extends HttpError {
  readonly code = 'http.unauthorized';
  override readonly status = 401;
}

/** 403: the login is known and may not do this. */
export class ForbiddenError extends HttpError {
  readonly code: string = 'http.forbidden';
  override readonly status = 403;
}

/** 404: nothing is here, or nothing that this visitor may know of. */
export class NotFoundError extends HttpError {
  readonly code: string = 'http.not_found';
  override readonly status = 404;
}

/** 405: the resource exists and does not answer this method. */
export class MethodNotAllowedError extends HttpError {
  readonly code = 'http.method_not_allowed';
  override readonly status = 405;

  constructor(method: string, allowed: readonly string[]) {
    super(`The method ${method} is not allowed here`, { headers: { Allow: allowed.join(', ') } });
  }
}

/** 409: the request conflicts with what is stored. */
export class ConflictError extends HttpError {
  readonly code: string = 'http.conflict';
  override readonly status = 409;
}

/** 411: a body without a length, of a type that is not read in advance. */
export class LengthRequiredError extends HttpError {
  readonly code = 'http.length_required';
  override readonly status = 411;
}

/** 413: the body, a field or a file is larger than the limits allow. */
export class PayloadTooLargeError extends HttpError {
  readonly code: string = 'http.payload_too_large';
  override readonly status = 413;
}

/** 415: the content type, charset or content encoding of the body is not supported. */
export class UnsupportedMediaTypeError extends HttpError {
  readonly code = 'http.unsupported_media_type';
  override readonly status = 415;
}

/** 422: the request is well formed and its content is refused; `errors` says why, by field. */
export class UnprocessableError extends HttpError {
  readonly code: string = 'http.unprocessable';
  override readonly status = 422;
}

/** 429: too many requests; the client may try again after the given number of seconds. */
export class TooManyRequestsError extends HttpError {
  readonly code: string = 'http.too_many_requests';
  override readonly status = 429;

  constructor(
    readonly retryAfterSeconds: number,
    message = 'You have sent too many requests. Wait a moment and try again.',
  ) {
    super(message, { headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) } });
  }
}

/** 503: the application cannot answer now. */
export class UnavailableError extends HttpError {
  readonly code: string = 'http.unavailable';
  override readonly status = 503;
}

/** 507: an uploaded file cannot be kept because the disk is full. */
export class UploadStorageError extends HttpError {
  readonly code = 'http.upload_storage';
  override readonly status = 507;
}

/** A template asks for the address of a static file that is not there. */
export class UnknownStaticFileError extends FrameworkError {
  readonly code = 'http.unknown_static_file';

  constructor(path: string) {
    super(`There is no static file "${path}"`, {
      hint: 'Name it as it lies below a static directory: `<prefix>/<path>`, without a leading slash',
    });
  }
}
