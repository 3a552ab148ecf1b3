import { keyText } from '#forms';

import { type Document } from '../../serializer/row-writer.js';
import { shownMembers, type Selection, type Shown } from '../../serializer/selection.js';
import { type SerializerDescription } from '../../serializer/serializer-description.js';
import { isResource, keyMembers, resourceId, resourceType } from './resource-type.js';

/** What names a resource. */
export interface ResourceIdentifier {
  readonly type: string;
  readonly id: string;
}

/** One resource (https://jsonapi.org/format/1.1/#document-resource-objects). */
export interface ResourceObject extends ResourceIdentifier {
  readonly attributes?: Document;
  readonly relationships?: Readonly<Record<string, Relationship>>;
  readonly links?: Readonly<Record<string, string>>;
}

interface Relationship {
  readonly data: ResourceIdentifier | readonly ResourceIdentifier[] | null;
}

/** Documents that are resources, and how they are shown. */
interface Level {
  readonly description: SerializerDescription;
  readonly selection: Selection;
  /** The path to them, with a dot behind; empty for the primary data. */
  readonly prefix: string;
}

/** Turns documents into resources, and collects those that are included, each once. */
export class ResourceObjects {
  private readonly seen = new Map<string, ResourceObject>();

  /** @param wanted paths of what is included; null for everything that is at hand */
  constructor(private readonly wanted: ReadonlySet<string> | null) {}

  /** The resources that were included, without those of the primary data. */
  included(primary: readonly ResourceIdentifier[]): readonly ResourceObject[] {
    for (const identifier of primary) this.seen.delete(nameOf(identifier));
    return [...this.seen.values()];
  }

  object(document: Document, { description, selection, prefix }: Level): ResourceObject {
    const keys = keyMembers(description)!;
    const attributes: Document = {};
    const relationships: Record<string, Relationship> = {};
    for (const shown of shownMembers(description, selection)) {
      const { name } = shown.member;
      if (keys.includes(shown.member)) continue;
      const relationship = this.relationship(document[name], shown, prefix);
      if (relationship) relationships[name] = relationship;
      else attributes[topOf(name)] = document[topOf(name)];
    }
    return {
      type: resourceType(description.entity),
      id: resourceId(description, keys, document),
      ...(Object.keys(attributes).length > 0 && { attributes }),
      ...(Object.keys(relationships).length > 0 && { relationships }),
    };
  }

  /** Undefined for what is no reference to a resource, which stays an attribute. */
  private relationship(value: unknown, { member, document }: Shown, prefix: string): Relationship | undefined {
    if (member.kind === 'reference' && !document && member.style === 'key') {
      const type = resourceType(member.target);
      return { data: mapped(value, (key) => ({ type, id: keyText(key as string) })) };
    }
    if (!document || !isResource(document.description)) return undefined;
    const path = prefix + member.name;
    const level = { ...document, prefix: `${path}.` };
    return { data: mapped(value, (inner) => this.include(inner as Document, level, path)) };
  }

  private include(document: Document, level: Level, path: string): ResourceIdentifier {
    const object = this.object(document, level);
    const { type, id } = object;
    if (this.wanted?.has(path) ?? true) this.seen.set(nameOf(object), object);
    return { type, id };
  }
}

function mapped(value: unknown, identify: (one: unknown) => ResourceIdentifier): Relationship['data'] {
  if (value === null || value === undefined) return null;
  return Array.isArray(value) ? value.map((one: unknown) => identify(one)) : identify(value);
}

/** Names with dots stand inside of objects. */
function topOf(name: string): string {
  return name.split('.', 1)[0]!;
}

function nameOf({ type, id }: ResourceIdentifier): string {
  return `${type} ${id}`;
}
