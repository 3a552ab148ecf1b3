import { PROBLEM_MEDIA_TYPE, type JsonSchema } from '#core';

import { JSON_API_TYPE } from './json-api-schemas.js';
import { type HeaderObject, type ParameterObject, type Reference, type ResponseObject } from './openapi-document.js';

const MESSAGES: JsonSchema = { type: 'array', items: { type: 'string' } };

/** What every error looks like (RFC 9457). */
export const PROBLEM_SCHEMA: JsonSchema = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string' },
    instance: { type: 'string', format: 'uri-reference' },
    code: { type: 'string', description: 'A stable name of the kind of error.' },
    errors: { type: 'object', additionalProperties: MESSAGES, description: 'Messages by field or parameter.' },
  },
  required: ['type', 'title', 'status', 'instance', 'code'],
};

const PROBLEM: Reference = { $ref: '#/components/schemas/Problem' };

/** The errors that operations answer with, by status. */
const ERRORS: Readonly<Record<number, readonly [name: string, description: string, code: string, title: string]>> = {
  400: ['BadRequest', 'The input or a parameter is not accepted.', 'api.invalid', 'Bad Request'],
  401: ['Unauthorized', 'Nobody is logged in.', 'auth.login_required', 'Unauthorized'],
  403: ['Forbidden', 'The user may not do this, or the CSRF token is missing.', 'api.forbidden', 'Forbidden'],
  404: ['NotFound', 'There is no such row for this user.', 'http.not_found', 'Not Found'],
  406: ['NotAcceptable', 'No accepted media type can be given.', 'api.not_acceptable', 'Not Acceptable'],
  409: ['Conflict', 'What is stored stands in the way.', 'http.conflict', 'Conflict'],
  412: ['PreconditionFailed', 'The row was changed meanwhile.', 'api.precondition_failed', 'Precondition Failed'],
  413: ['PayloadTooLarge', 'The body or the list in it is too long.', 'http.payload_too_large', 'Payload Too Large'],
  415: ['UnsupportedMediaType', 'The body cannot be read.', 'http.unsupported_media_type', 'Unsupported Media Type'],
  422: [
    'Unprocessable',
    'The request is well formed and cannot be done.',
    'http.unprocessable',
    'Unprocessable Entity',
  ],
  429: ['TooManyRequests', 'Too many requests; wait a moment.', 'http.too_many_requests', 'Too Many Requests'],
};

/** A reference to the answer for an error. */
export function errorResponse(status: number): Reference {
  return { $ref: `#/components/responses/${ERRORS[status]![0]}` };
}

/** What operations answer where no other status is described. */
export const OTHER_ERRORS: Reference = { $ref: '#/components/responses/Problem' };

/** The answers that operations share. @param jsonApi whether clients may ask for errors of JSON:API */
export function sharedResponses(jsonApi: boolean): Readonly<Record<string, ResponseObject>> {
  const others: NonNullable<ResponseObject['content']> = jsonApi
    ? { [JSON_API_TYPE]: { schema: { $ref: '#/components/schemas/JsonApiErrors' } } }
    : {};
  const errors = Object.entries(ERRORS).map(([status, [name, description, code, title]]) => [
    name,
    {
      description,
      ...(status === '429' && { headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } } }),
      content: {
        [PROBLEM_MEDIA_TYPE]: { schema: PROBLEM, example: example(Number(status), title, code) },
        ...others,
      },
    },
  ]);
  const other = { description: 'Another error.', content: { [PROBLEM_MEDIA_TYPE]: { schema: PROBLEM }, ...others } };
  return { ...(Object.fromEntries(errors) as Record<string, ResponseObject>), Problem: other };
}

/** The headers that answers share. */
export const SHARED_HEADERS: Readonly<Record<string, HeaderObject>> = {
  ETag: { description: 'Names this state of the row, for `If-Match` and `If-None-Match`.', schema: { type: 'string' } },
  Location: { description: 'Where the row is.', schema: { type: 'string', format: 'uri-reference' } },
  Link: { description: 'Addresses of the first, previous, next and last page (RFC 8288).', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds until another try.', schema: { type: 'integer', minimum: 1 } },
};

/** The header parameters that operations share, by name of the component. */
export const SHARED_PARAMETERS: Readonly<Record<string, ParameterObject>> = {
  IfMatch: header('If-Match', 'The entity tag that the row must still have.'),
  IfNoneMatch: header('If-None-Match', 'The entity tag of the state that the client has: 304 where it still holds.'),
  IdempotencyKey: header('Idempotency-Key', 'A text that differs for each request: repetitions get the first answer.'),
  Prefer: header('Prefer', '`return=minimal` answers without a body (RFC 7240).'),
};

function header(name: string, description: string): ParameterObject {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

function example(status: number, title: string, code: string): object {
  return { type: 'about:blank', title, status, instance: 'urn:request:4f1c', code };
}
