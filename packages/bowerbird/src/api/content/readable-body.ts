import { BadRequestError, UnsupportedMediaTypeError, type HttpRequest } from '#http';

const READABLE = /^(application\/(json|[\w.-]+\+json|x-www-form-urlencoded)|multipart\/form-data)$/i;

/** Makes sure that a request carries a body that can be read. @throws UnsupportedMediaTypeError, BadRequestError */
export function requireReadable(request: HttpRequest): void {
  const type = (request.get('content-type') ?? '').split(';', 1)[0]!.trim();
  if (type !== '' && !READABLE.test(type))
    throw new UnsupportedMediaTypeError(`"${type}" cannot be read here; send application/json`, {
      headers: { Accept: 'application/json, application/x-www-form-urlencoded, multipart/form-data' },
    });
  if (request.body === undefined) throw new BadRequestError('The request has no body; send application/json');
}
