import { parseKey } from '#forms';
import { Q, type EntityDescription, type ResolvedPath } from '#orm';

import { type JsonSchema } from '../openapi/json-schema.js';
import { type FilterLookup, type LookupInput } from './filter-lookups.js';
import { readerOf, readerOfKind, type ValueReader } from './filter-value.js';
import { type ParameterDescription } from './parameters.js';

/** One parameter that narrows a list. */
export interface FilterParameter {
  readonly description: ParameterDescription;
  /** Reads its value, or each value of its list. */
  readonly reader: ValueReader;
  readonly list: boolean;
  /** Whether the database may hold less than the reader lets pass, so that the query has to be asked. */
  readonly unsure: (value: unknown) => boolean;
  /** The condition for a value, or for a list of values. */
  readonly where: (value: unknown) => object;
}

/** Finds the field that a path leads to. */
export type FieldAt = (path: string) => ResolvedPath | undefined;

/** The parameter of one lookup of a field or relation: `createdAt__gte`. */
export function filterParameter(
  path: string,
  lookup: FilterLookup,
  target: ResolvedPath,
  at: FieldAt,
): FilterParameter {
  const name = lookup.name === 'exact' ? path : `${path}__${lookup.name}`;
  const reader = readerFor(path, lookup.takes, target, at);
  const list = lookup.takes === 'list';
  const { label } = (target.field ?? target.relation)!;
  return Object.freeze({
    description: {
      name,
      description: `${label} ${lookup.asks}.`,
      schema: list ? listSchema(reader.schema) : reader.schema,
    },
    reader,
    list,
    unsure: lookup.takes === 'value' || list ? unsureOf(target) : () => false,
    where: conditionFor(path, lookup, target),
  });
}

/** Lookups that hold where another one does not. */
const NEGATIONS: Readonly<Record<string, string>> = { ne: 'exact', notIn: 'in' };

/** Where a path leads to several rows, what is not asked for must not be among them at all. */
function conditionFor(path: string, { name }: FilterLookup, { many }: ResolvedPath): FilterParameter['where'] {
  const positive = many ? NEGATIONS[name] : undefined;
  if (positive !== undefined) return (value) => Q({ [`${path}__${positive}`]: value }).not();
  const key = `${path}__${name}`;
  return (value) => ({ [key]: value });
}

/** Lists stand in one parameter, separated by commas. */
export function listSchema(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

/** What each way of comparing takes, where that is no value of the field. */
const INPUTS: Readonly<Partial<Record<LookupInput, ValueReader>>> = {
  text: readerOfKind('text'),
  boolean: readerOfKind('boolean'),
  date: readerOfKind('date'),
  year: yearReader(),
};

function yearReader(): ValueReader {
  const [least, most] = [1, 9999];
  return {
    schema: { type: 'integer', minimum: least, maximum: most },
    messageFor: () => `Enter a year from ${least} to ${most}.`,
    read: (text) => (/^\d{1,4}$/.test(text) && Number(text) >= least ? Number(text) : undefined),
  };
}

function readerFor(path: string, takes: LookupInput, target: ResolvedPath, at: FieldAt): ValueReader {
  const fixed = INPUTS[takes];
  if (fixed) return fixed;
  return target.field ? readerOf(target.field) : keyReader(path, target.entity, at);
}

/** Reads the key of a related row: its bare value, or JSON for a key of several columns. */
function keyReader(path: string, entity: EntityDescription, at: FieldAt): ValueReader {
  const readers = entity.primaryKey.map((part) => [part, partReader(`${path}.${part}`, at)] as const);
  if (readers.length === 1) return readers[0]![1];
  return {
    schema: { type: 'string' },
    messageFor: () =>
      `Enter a key such as ${JSON.stringify(Object.fromEntries(entity.primaryKey.map((part) => [part, '…'])))}.`,
    read(text) {
      const key = parseKey(entity, text);
      if (typeof key !== 'object') return undefined;
      const parts = readers.map(([part, reader]) => [part, reader.read(key[part]!)] as const);
      return parts.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(parts);
    },
  };
}

/** A part of a key may be a reference itself. */
function partReader(path: string, at: FieldAt): ValueReader {
  const target = at(path);
  if (target?.relation) return keyReader(path, target.entity, at);
  return target?.field ? readerOf(target.field) : readerOfKind('text');
}

/** More than numbers of single precision hold, of which only the database knows. */
const LARGEST_SINGLE = 3.4e38;

function unsureOf({ field }: ResolvedPath): FilterParameter['unsure'] {
  if (field?.transformed) return () => true;
  const great = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) > LARGEST_SINGLE;
  return (value) => [value].flat().some(great);
}
