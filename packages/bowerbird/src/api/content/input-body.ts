import { type HttpRequest } from '#http';

import { sourceOf, type InputSource } from '../serializer/input-source.js';
import { type ActionCall } from '../viewset/actions/action-call.js';
import { KEY } from '../viewset/standard-actions.js';
import { resourceValues } from './jsonapi/json-api-input.js';
import { JSON_API } from './jsonapi/json-api.format.js';
import { mediaRange } from './media-range.js';

/** Whether a request carries a document of JSON:API. */
export function isJsonApi(request: Pick<HttpRequest, 'headers'>): boolean {
  return mediaRange(request.headers['content-type'] ?? '')?.essence === JSON_API;
}

/** The object that a request carries, in any of the formats. @throws InvalidInputError, ConflictError, ClientIdError */
export function inputOf({ request, action, description }: ActionCall): InputSource {
  if (!isJsonApi(request)) return sourceOf(request);
  const id = description.lookup === null ? String(request.params[KEY]) : null;
  return { json: resourceValues(request.body, action.input!, action.detail ? { id } : 'creation') };
}
