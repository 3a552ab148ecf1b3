import { orNull, schemaOfChoices, type JsonSchema } from '#core';
import { type Descriptions, type EntityDescription, type FieldDescription, type FieldKind } from '#orm';

import { type ComputedOptions, type ComputedType } from '../serializer/computed.decorator.js';

const TIME = '^([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d+)?)?$';

/** What documents hold for each kind of field; see {@link toJsonOf}. */
const BY_KIND: Readonly<Record<FieldKind, JsonSchema>> = {
  string: { type: 'string' },
  text: { type: 'string' },
  enum: { type: 'string' },
  integer: { type: 'integer' },
  bigint: { type: 'string', format: 'int64', pattern: '^-?\\d+$' },
  float: { type: ['number', 'null'] },
  decimal: { type: 'string', format: 'decimal', pattern: '^-?\\d+(\\.\\d+)?$' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  time: { type: 'string', pattern: TIME },
  datetime: { type: 'string', format: 'date-time' },
  uuid: { type: 'string', format: 'uuid' },
  json: {},
  binary: { type: 'string', contentEncoding: 'base64' },
};

/** Addresses of files; null where there is none. */
const FILE: JsonSchema = { type: ['string', 'null'], format: 'uri-reference' };

const BY_TYPE: Readonly<Record<ComputedType, JsonSchema>> = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  datetime: { type: 'string', format: 'date-time' },
  object: { type: 'object', additionalProperties: true },
  array: { type: 'array', items: {} },
};

/** The values of a field as documents hold them, without null. What a transformer makes of a column is not known. */
export function schemaOfField({ kind, format, choices, transformed, encrypted }: FieldDescription): JsonSchema {
  if (format === 'file' || format === 'image') return FILE;
  if (choices && kind !== 'json' && kind !== 'boolean') return schemaOfChoices(choices.map(({ value }) => value));
  return transformed && !encrypted ? {} : BY_KIND[kind];
}

/** What a method of a serializer computes, as far as it says it. */
export function schemaOfComputed({ type, nullable = false }: ComputedOptions): JsonSchema {
  if (type === undefined) return {};
  return nullable ? orNull(BY_TYPE[type]) : BY_TYPE[type];
}

/** A primary key as documents hold it: the value of one column, or texts by path for several. */
export function schemaOfKey(entity: EntityDescription, descriptions: Descriptions): JsonSchema {
  const [path, ...others] = entity.primaryKey;
  if (path === undefined || others.length > 0) return schemaOfSeveral(entity.primaryKey);
  const field = entity.field(path);
  if (field) return schemaOfField(field);
  const target = entity.relation(path)?.target;
  return target && descriptions.has(target) ? schemaOfKey(descriptions.of(target), descriptions) : {};
}

function schemaOfSeveral(paths: readonly string[]): JsonSchema {
  const properties = Object.fromEntries(paths.map((path) => [path, { type: 'string' }]));
  return { type: 'object', properties, required: paths };
}
