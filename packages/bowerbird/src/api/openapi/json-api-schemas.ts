import { type JsonSchema } from '#core';

/** The media type of JSON:API (https://jsonapi.org/format/1.1/). */
export const JSON_API_TYPE = 'application/vnd.api+json';

const OBJECT: JsonSchema = { type: 'object', additionalProperties: true };
const TEXT: JsonSchema = { type: 'string' };

const RESOURCE: JsonSchema = {
  type: 'object',
  properties: { type: TEXT, id: TEXT, attributes: OBJECT, relationships: OBJECT, links: OBJECT, meta: OBJECT },
  required: ['type'],
};

/** Documents of JSON:API, whose attributes are those of plain documents. */
export const JSON_API_DOCUMENT: JsonSchema = {
  type: 'object',
  description: 'A document of JSON:API 1.1.',
  properties: {
    data: { anyOf: [RESOURCE, { type: 'array', items: RESOURCE }, { type: 'null' }] },
    included: { type: 'array', items: RESOURCE },
    links: OBJECT,
    meta: OBJECT,
    jsonapi: OBJECT,
  },
  required: ['data'],
};

/** Errors of JSON:API. */
export const JSON_API_ERRORS: JsonSchema = {
  type: 'object',
  description: 'What went wrong, as JSON:API 1.1 tells it.',
  properties: {
    errors: {
      type: 'array',
      items: {
        type: 'object',
        properties: { id: TEXT, status: TEXT, code: TEXT, title: TEXT, detail: TEXT, source: OBJECT },
        required: ['status', 'code', 'title'],
      },
    },
  },
  required: ['errors'],
};
