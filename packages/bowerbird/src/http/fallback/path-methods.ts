import { type HttpRequest } from '../http-request.js';

/** Knows which methods paths have; a provider of this class makes other methods of these paths 405 instead of 404. */
export abstract class PathMethods {
  /** Those of the path of a request, in capital letters; empty for paths that it does not know. What it throws is answered. */
  abstract methodsOf(request: HttpRequest): readonly string[];
}
