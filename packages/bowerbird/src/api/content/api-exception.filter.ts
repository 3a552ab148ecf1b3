import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';

import { ErrorResponder, type HttpRequest, type HttpResponse, type ProblemForm } from '#http';

import { readParameters } from '../filters/parameters.js';
import { ApiVersions } from '../versions/api-versions.service.js';
import { errorsDocument } from './jsonapi/json-api-errors.js';
import { JSON_API } from './jsonapi/json-api.format.js';
import { mediaRanges } from './media-range.js';

/** Answers every error of an API by a problem document (RFC 9457), also to browsers, or as JSON:API where that is accepted. */
@Injectable()
@Catch()
export class ApiExceptionFilter implements ExceptionFilter {
  constructor(
    private readonly responder: ErrorResponder,
    private readonly versions: ApiVersions,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): Promise<void> {
    const http = host.switchToHttp();
    const request = http.getRequest<HttpRequest>();
    const form = wantsJsonApi(request) ? jsonApi(request) : undefined;
    const response = http.getResponse<HttpResponse>();
    for (const [name, value] of Object.entries(this.versions.headers(request, NO_HEADERS)))
      if (name === 'Vary') response.vary(value);
      else response.setHeader(name, value);
    return this.responder.respondProblem(thrown, request, response, form);
  }
}

const NO_HEADERS = { headers: {} };

function wantsJsonApi(request: HttpRequest): boolean {
  const named = mediaRanges(request.headers.accept ?? '').some(
    ({ essence, quality }) => essence === JSON_API && quality > 0,
  );
  return named || request.query.format === 'jsonapi';
}

function jsonApi(request: HttpRequest): ProblemForm {
  return {
    mediaType: JSON_API,
    write: (problem, thrown) => {
      const names = [...readParameters(request).keys()];
      const mistaken = { body: request.body, parameterOf: (name: string) => nameIn(names, name) };
      return errorsDocument(problem, thrown, mistaken);
    },
  };
}

/** The parameter of the request that we know under another name. */
function nameIn(names: readonly string[], own: string): string {
  if (names.includes(own)) return own;
  const others = [`filter[${own}]`, `page[${own}]`, ...(RENAMED[own] ?? [])];
  return names.find((name) => others.includes(name)) ?? own;
}

const RENAMED: Readonly<Record<string, readonly string[]>> = { ordering: ['sort'], page: ['page[number]'] };
