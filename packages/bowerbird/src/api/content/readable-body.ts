import { BadRequestError, UnsupportedMediaTypeError, type HttpRequest } from '#http';

import { JSON_API } from './jsonapi/json-api.format.js';
import { mediaRange } from './media-range.js';

const READABLE = /^(application\/(json|[\w.-]+\+json|x-www-form-urlencoded)|multipart\/form-data)$/;
const READ = ['application/json', JSON_API, 'application/x-www-form-urlencoded', 'multipart/form-data'];

/** Makes sure that a request carries a body that can be read. @throws UnsupportedMediaTypeError, BadRequestError */
export function requireReadable(request: HttpRequest): void {
  const sent = request.headers['content-type'] ?? '';
  const type = mediaRange(sent);
  if (sent.trim() !== '' && !(type && READABLE.test(type.essence))) throw unsupported(sent);
  // Extensions are not known here, and other parameters are not allowed.
  const strange = [...(type?.parameters.keys() ?? [])].some((name) => name !== 'profile');
  if (type?.essence === JSON_API && strange) throw unsupported(sent);
  if (request.body === undefined) throw new BadRequestError('The request has no body; send application/json');
}

/** Says what can be read (RFC 9110, section 15.5.16). */
function unsupported(sent: string): UnsupportedMediaTypeError {
  const shown = sent.length > 80 ? `${sent.slice(0, 80)}…` : sent;
  const headers = { Accept: READ.join(', ') };
  return new UnsupportedMediaTypeError(`"${shown}" cannot be read here; send application/json`, { headers });
}
