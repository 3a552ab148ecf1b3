import { Injectable } from '@nestjs/common';

import { type PageResult } from '../../pagination/pagination.js';
import { type Document } from '../../serializer/row-writer.js';
import { ApiFormat, type AskedFor, type FormatScope, type WrittenOf } from '../api-format.js';
import { inwardAddress, outwardLinks } from './json-api-links.js';
import { includedPaths, ownParameters, readSelection } from './json-api-parameters.js';
import { ResourceObjects, type ResourceObject } from './resource-objects.js';
import { isResource } from './resource-type.js';

/** The media type of JSON:API. */
export const JSON_API = 'application/vnd.api+json';

const VERSION = { version: '1.1' };

/** Resources with relationships and included ones. See https://jsonapi.org/format/1.1/ */
@Injectable()
export class JsonApiFormat extends ApiFormat {
  readonly mediaType = JSON_API;
  readonly name = 'jsonapi';

  /** Parameters other than `ext` and `profile` are not allowed. */
  override get contentType(): string {
    return this.mediaType;
  }

  /** There are no extensions here; profiles may be ignored. */
  override suits(parameters: ReadonlyMap<string, string>): boolean {
    return [...parameters.keys()].every((name) => name === 'profile');
  }

  override writes({ serializer }: Pick<FormatScope['action'], 'serializer'>): boolean {
    return isResource(serializer);
  }

  override read(asked: AskedFor, scope: FormatScope): AskedFor {
    return {
      // Extra actions read parameters of their own, under their own names.
      given: scope.action.standard ? ownParameters(asked.given, scope) : asked.given,
      selection: (collected) => readSelection(asked.given, scope, collected),
      address: inwardAddress(asked.address, scope),
    };
  }

  override paged(page: PageResult, scope: FormatScope): PageResult {
    return { ...page, links: outwardLinks(page.links, scope) };
  }

  document(document: Document, of: WrittenOf): string {
    const objects = new ResourceObjects(includedPaths(of.given));
    const data = primary(objects, document, of);
    return compound({ data }, objects, [data]);
  }

  documents(documents: readonly Document[], of: WrittenOf): string {
    return this.listed(documents, of, {});
  }

  page(page: PageResult, documents: readonly Document[], of: WrittenOf): string {
    const { count, countIsExact, links } = page;
    const meta = { ...(count !== undefined && { count }), ...(countIsExact === false && { countIsExact }) };
    return this.listed(documents, of, {
      links: { self: of.url, ...links },
      ...(Object.keys(meta).length > 0 && { meta }),
    });
  }

  private listed(documents: readonly Document[], of: WrittenOf, rest: object): string {
    const objects = new ResourceObjects(includedPaths(of.given));
    const data = documents.map((document) => primary(objects, document, of));
    return compound({ ...rest, data }, objects, data);
  }
}

function primary(objects: ResourceObjects, document: Document, of: WrittenOf): ResourceObject {
  const object = objects.object(document, { description: of.serializer, selection: of.selection, prefix: '' });
  const self = of.addressOf(document);
  return self === null ? object : { ...object, links: { self } };
}

function compound(document: object, objects: ResourceObjects, data: readonly ResourceObject[]): string {
  const included = objects.included(data);
  return JSON.stringify({ jsonapi: VERSION, ...document, ...(included.length > 0 && { included }) });
}
