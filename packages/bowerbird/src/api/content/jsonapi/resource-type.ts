import { keyText } from '#forms';
import { type EntityDescription } from '#orm';

import { type Document } from '../../serializer/row-writer.js';
import { type Member, type SerializerDescription } from '../../serializer/serializer-description.js';

/** Names that attributes cannot have (https://jsonapi.org/format/1.1/#document-resource-object-fields). */
const TAKEN: ReadonlySet<string> = new Set(['id', 'type']);

/** The type of the resources of an entity: its plural, `blog-posts`. */
export function resourceType({ labelPlural, name }: EntityDescription): string {
  const slug = labelPlural.toLowerCase().replaceAll(/[^a-z\d]+/g, '-');
  return slug.replaceAll(/^-|-$/g, '') || name.toLowerCase();
}

/** The members of a serializer that hold the key, in its order; undefined where some of it is not shown. */
export function keyMembers({ entity, members }: SerializerDescription): readonly Member[] | undefined {
  const found = entity.primaryKey.map((path) =>
    members.find((member) => member.kind === 'column' && member.readable && member.path === path),
  );
  return found.every((member) => member !== undefined) ? found : undefined;
}

/** Whether the documents of a serializer can be resources: they show their key, and nothing else is called like it. */
export function isResource(description: SerializerDescription): boolean {
  const keys = keyMembers(description);
  if (!keys) return false;
  return description.members.every((member) => keys.includes(member) || !TAKEN.has(member.name));
}

/** The `id` of a document that shows its key. */
export function resourceId({ entity }: SerializerDescription, keys: readonly Member[], document: Document): string {
  const values = keys.map(({ name }) => String(valueAt(document, name)));
  if (values.length === 1) return values[0]!;
  return keyText(Object.fromEntries(entity.primaryKey.map((path, index) => [path, values[index]!])));
}

function valueAt(document: Document, name: string): unknown {
  return name.split('.').reduce<unknown>((holder, step) => (holder as Document | undefined)?.[step], document);
}
