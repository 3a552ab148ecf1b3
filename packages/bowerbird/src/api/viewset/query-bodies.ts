import { Injectable } from '@nestjs/common';

import { type Class } from '#core';
import { BadRequestError, formValues, UnsupportedMediaTypeError, type HttpRequest } from '#http';

import { mediaRange } from '../content/media-range.js';
import { quotedItem } from '../filters/list-text.js';
import { ParameterProblems } from '../filters/parameter-problems.js';
import { takeParameters, type Parameters } from '../filters/parameters.js';
import { isObject } from '../serializer/input-source.js';
import { QUERY_TYPES } from './query-method.js';
import { type ViewSetDescription } from './viewset-description.js';
import { ViewSets } from './viewsets.service.js';

/** Reads what requests with the method QUERY carry: the parameters of a list (RFC 10008). */
@Injectable()
export class QueryBodies {
  constructor(private readonly viewsets: ViewSets) {}

  /** Gives a request for a list the parameters of its body. @throws UnsupportedMediaTypeError, BadRequestError, BadParametersError */
  take(type: Class, handler: string, request: HttpRequest): void {
    const description = this.viewsets.of(type);
    if (description.action(handler)?.standard !== 'list') return;
    takeParameters(request, sentAs(request) === 'form' ? formOf(request) : jsonOf(request, description));
  }
}

/** What the query is written in; a request without it could be read in several ways. @throws UnsupportedMediaTypeError */
function sentAs({ headers }: HttpRequest): 'json' | 'form' {
  const sent = headers['content-type'] ?? '';
  const essence = mediaRange(sent)?.essence;
  if (essence === QUERY_TYPES[0]) return 'json';
  if (essence === QUERY_TYPES[1]) return 'form';
  const shown =
    sent.trim() === '' ? 'The query has no Content-Type' : `A query cannot be sent as "${sent.slice(0, 80)}"`;
  throw new UnsupportedMediaTypeError(`${shown}; send application/json`, {
    headers: { 'Accept-Query': QUERY_TYPES.join(', ') },
  });
}

function formOf(request: HttpRequest): Parameters {
  const values = formValues(request);
  return new Map(values.names().map((name) => [name, values.all(name)]));
}

/** @throws BadRequestError, BadParametersError */
function jsonOf({ body }: HttpRequest, description: ViewSetDescription): Parameters {
  if (!isObject(body)) throw new BadRequestError('A query is an object of parameters, such as {"page": 2}');
  return ParameterProblems.collect(undefined, (problems) => {
    const given = new Map<string, readonly string[]>();
    for (const [name, value] of Object.entries(body)) {
      const texts = textsOf(value, listKind(name, description));
      if (texts) given.set(name, texts);
      else problems.add(name, 'Enter a text, a number, true, false or a list of these.');
    }
    return given;
  });
}

/** How the items of a list are put together: each in a text of its own, quoted or not, or in one text. */
type ListKind = 'quoted' | 'apart' | 'joined';

/** Names of JSON:API mean what stands in their brackets. */
function listKind(name: string, { filters, search, ordering, pagination }: ViewSetDescription): ListKind {
  const own = /^(?:filter|page)\[([^[\]]+)\]$/.exec(name)?.[1] ?? name;
  const find = (parameters: typeof filters.parameters) => parameters.find((parameter) => parameter.name === own);
  const known = [search, ordering, pagination].flatMap(({ parameters }) => find(parameters) ?? []);
  const filter = find(filters.parameters);
  if (filter?.schema.type === 'array') return 'quoted';
  return filter || known.some(({ schema }) => schema.type !== 'array') ? 'apart' : 'joined';
}

/** The texts that the value would be in an address; undefined for values that none could be. */
function textsOf(value: unknown, kind: ListKind): readonly string[] | undefined {
  const items = (Array.isArray(value) ? (value as unknown[]) : [value]).map((item) => textOf(item));
  if (!items.every((item) => item !== undefined)) return undefined;
  if (!Array.isArray(value) || kind === 'apart') return items;
  return kind === 'quoted' ? items.map((item) => quotedItem(item)) : [items.join(',')];
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
