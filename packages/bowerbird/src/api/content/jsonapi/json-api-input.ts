import { FormErrors } from '#forms';
import { ConflictError } from '#http';
import { type EntityDescription } from '#orm';

import { ClientIdError, InvalidInputError } from '../../api.errors.js';
import { isObject } from '../../serializer/input-source.js';
import { type SerializerDescription } from '../../serializer/serializer-description.js';
import { keyMembers, resourceType } from './resource-type.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Which resource is sent: a new one, or the one of the address, whose id is null where the address has another name. */
export type SentFor = 'creation' | { readonly id: string | null };

/**
 * The values of a resource that a client sends, as plain JSON has them.
 * @throws InvalidInputError, ConflictError, ClientIdError
 */
export function resourceValues(body: unknown, serializer: SerializerDescription, sentFor: SentFor): JsonObject {
  const data = isObject(body) ? body.data : undefined;
  if (!isObject(data)) throw refused('data', 'A resource object is expected.');
  requireType(data, resourceType(serializer.entity));
  const { attributes = {}, relationships = {} } = data;
  if (!isObject(attributes)) throw refused('data.attributes', 'An object is expected.');
  if (!isObject(relationships)) throw refused('data.relationships', 'An object is expected.');
  const key = sentFor === 'creation' ? clientKey(data, serializer) : sameId(data, sentFor.id);
  return { ...key, ...attributes, ...Object.fromEntries(linked(relationships, serializer)) };
}

function requireType({ type }: JsonObject, expected: string): void {
  if (type === undefined) throw refused('data.type', 'This field is required.');
  if (type !== expected) throw new ConflictError(`The type of the resource is "${expected}"`);
}

/** An update names the row again. */
function sameId(data: JsonObject, id: string | null): JsonObject {
  if (data.id === undefined) throw refused('data.id', 'This field is required.');
  if (id !== null && data.id !== id) throw new ConflictError('The id is not that of the address');
  return {};
}

/** Keys that the server makes cannot be chosen. */
function clientKey({ id }: JsonObject, serializer: SerializerDescription): JsonObject {
  if (id === undefined) return {};
  const [member, ...others] = keyMembers(serializer) ?? [];
  if (!member?.writable || others.length > 0) throw new ClientIdError();
  return { [member.name]: keyValue(serializer.entity, id) };
}

function linked(relationships: JsonObject, serializer: SerializerDescription): readonly (readonly [string, unknown])[] {
  return Object.entries(relationships).map(([name, value]) => {
    if (!isObject(value) || !('data' in value)) throw refused(`data.relationships.${name}`, 'Its data is expected.');
    const member = serializer.member(name);
    const target = member && 'target' in member ? member.target : undefined;
    const { data } = value;
    const one = (identifier: unknown): unknown => (target ? identified(identifier, target, name) : identifier);
    if (data === null) return [name, null];
    return [name, Array.isArray(data) ? data.map((item: unknown) => one(item)) : one(data)];
  });
}

function identified(identifier: unknown, target: EntityDescription, name: string): unknown {
  const at = `data.relationships.${name}`;
  if (!isObject(identifier) || typeof identifier.id !== 'string') throw refused(at, 'A type and an id are expected.');
  requireType(identifier, resourceType(target));
  return keyValue(target, identifier.id);
}

function keyValue({ primaryKey, field }: EntityDescription, id: unknown): unknown {
  const kind = primaryKey.length === 1 ? field(primaryKey[0]!)?.kind : undefined;
  // Integers are texts in JSON:API alone.
  const whole = kind === 'integer' && typeof id === 'string' && /^-?\d{1,15}$/.test(id);
  return whole ? Number(id) : id;
}

function refused(name: string, message: string): InvalidInputError {
  const errors = new FormErrors();
  errors.add(name, { code: 'resource', message });
  return new InvalidInputError(errors);
}
