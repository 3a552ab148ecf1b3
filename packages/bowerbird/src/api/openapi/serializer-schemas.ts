import { orNull, type JsonSchema } from '#core';
import { FileField, RelationField, RelationsField, type Field } from '#forms';
import { type Descriptions, type EntityDescription } from '#orm';

import {
  type Member,
  type NestedMember,
  type ReferenceMember,
  type SerializerDescription,
} from '../serializer/serializer-description.js';
import { inputFieldsOf } from './input-schema-fields.js';
import { ObjectSchema } from './object-schema.js';
import { schemaOfComputed, schemaOfField, schemaOfKey } from './schema-of-field.js';
import { type SchemaRegistry } from './schema-registry.js';

/** What input is for: a new row, all values of one, or some of them. */
export type InputMode = 'create' | 'update' | 'patch';

/** How input is described. */
interface InputKind {
  readonly suffix: string;
  readonly isNew: boolean;
  readonly partial: boolean;
  /** Whether rows inside of it may be named by their keys. */
  readonly keyed: boolean;
  /** How rows inside of it are described. */
  readonly inside: InputName;
}

type InputName = InputMode | 'insideUpdate' | 'insidePatch';

const KINDS: Readonly<Record<InputName, InputKind>> = {
  create: { suffix: 'Create', isNew: true, partial: false, keyed: false, inside: 'create' },
  update: { suffix: 'Update', isNew: false, partial: false, keyed: false, inside: 'insideUpdate' },
  patch: { suffix: 'Patch', isNew: false, partial: true, keyed: false, inside: 'insidePatch' },
  insideUpdate: { suffix: 'NestedUpdate', isNew: false, partial: false, keyed: true, inside: 'insideUpdate' },
  insidePatch: { suffix: 'NestedPatch', isNew: false, partial: true, keyed: true, inside: 'insidePatch' },
};

/** What schemas of serializers are made with. */
export interface SchemaTools {
  readonly descriptions: Descriptions;
  readonly registry: SchemaRegistry;
  /** Whether users may see some rows of an entity alone, so that a reference may lead to nothing. */
  readonly isScoped: (entity: EntityDescription) => boolean;
}

/** The schemas of what serializers write and read, derived from their members and from the fields that check input. */
export class SerializerSchemas {
  constructor(private readonly tools: SchemaTools) {}

  /** What a serializer writes. */
  read(description: SerializerDescription): JsonSchema {
    const name = this.nameOf(description);
    return this.tools.registry.ref(name, () => {
      const object = new ObjectSchema(false);
      for (const member of description.members)
        if (member.readable) object.add(member.name, told(this.shown(member), member), true);
      return object.schema();
    });
  }

  /** What a serializer takes. @param form whether it comes as a form, which carries files */
  input(description: SerializerDescription, mode: InputName, form = false): JsonSchema {
    const kind = KINDS[mode];
    const name = `${this.nameOf(description)}${kind.suffix}${form ? 'Form' : ''}`;
    return this.tools.registry.ref(name, () => this.inputObject(description, kind, form));
  }

  /** Whether input carries files, and whether it cannot be without them. */
  files(description: SerializerDescription, mode: InputMode): 'none' | 'some' | 'required' {
    const fields = [...inputFieldsOf(description, KINDS[mode].isNew).values()];
    const files = fields.filter((field) => field instanceof FileField);
    if (files.length === 0) return 'none';
    return mode === 'create' && files.some(({ required }) => required) ? 'required' : 'some';
  }

  /** The key of an entity as documents hold it. */
  key(entity: EntityDescription): JsonSchema {
    return schemaOfKey(entity, this.tools.descriptions);
  }

  /** The name of the documents of a serializer. @param viewset the viewset that it belongs to, whose name it may have */
  nameOf(description: SerializerDescription, viewset?: string): string {
    const { name, entity } = description;
    const app = entity.app.charAt(0).toUpperCase() + entity.app.slice(1);
    const wishes = [name, ...(viewset === undefined ? [] : [viewset]), `${app}${name}`];
    return this.tools.registry.nameOf(description, wishes);
  }

  private shown(member: Member): JsonSchema {
    if (member.kind === 'computed') return schemaOfComputed(member.options);
    if (member.kind === 'column') {
      const schema = schemaOfField(member.field);
      return member.nullable ? orNull(schema) : schema;
    }
    const document = member.kind === 'nested' ? this.read(member.serializer()) : this.reference(member);
    return member.many ? { type: 'array', items: document } : this.single(member, document);
  }

  /** A key, or the document where it is asked for. */
  private reference(member: ReferenceMember): JsonSchema {
    const schema = this.nameInDocuments(member);
    return member.expanded ? { anyOf: [schema, this.read(member.expanded())] } : schema;
  }

  private nameInDocuments({ style, target }: ReferenceMember): JsonSchema {
    if (style === 'text') return { type: 'string' };
    if (style === 'link') return { type: ['string', 'null'], format: 'uri-reference' };
    return typeof style === 'object' ? schemaOfField(target.field(style.slug)!) : this.key(target);
  }

  private single(member: ReferenceMember | NestedMember, schema: JsonSchema): JsonSchema {
    const { relation, target } = member;
    const document = member.kind === 'nested' || member.expanded !== null;
    const mayMiss = relation.nullable || !relation.owning || (document && this.tools.isScoped(target));
    return mayMiss ? orNull(schema) : schema;
  }

  private inputObject(description: SerializerDescription, kind: InputKind, form: boolean): JsonSchema {
    const object = new ObjectSchema(true);
    const fields = inputFieldsOf(description, kind.isNew);
    if (kind.keyed) this.addKey(object, description);
    for (const member of description.members) {
      if (!member.writable || member.kind === 'computed') continue;
      if (member.kind === 'nested' && member.deep) this.addDeep(object, member, kind, description);
      else this.addField(object, member, fields.get(member.path), kind, form);
    }
    return object.schema();
  }

  private addField(
    ...[object, member, field, { partial }, form]: [ObjectSchema, Member, Field | undefined, InputKind, boolean]
  ): void {
    if (!field || field.locked) return;
    const schema = form ? field.formSchema() : this.taken(member, field);
    const filled = member.kind === 'column' && member.field.default !== undefined;
    object.add(member.name, told(schema, member), field.required && !partial && !filled);
  }

  /** Rows are named as documents name them. */
  private taken(member: Member, field: Field): JsonSchema {
    const schema = field.jsonSchema();
    if (member.kind === 'column' || member.kind === 'computed') return schema;
    const named = member.kind === 'reference' ? this.named(member) : this.key(member.target);
    if (field instanceof RelationsField) return { ...schema, items: named };
    if (!(field instanceof RelationField)) return schema;
    return field.required ? named : orNull(named);
  }

  private named(member: ReferenceMember): JsonSchema {
    return member.style === 'link' ? { type: 'string', format: 'uri-reference' } : this.nameInDocuments(member);
  }

  private addDeep(
    ...[object, member, kind, description]: [ObjectSchema, NestedMember, InputKind, SerializerDescription]
  ): void {
    const { relation, many, path, name } = member;
    const inner = this.input(member.serializer(), kind.inside);
    const hidden = description.hidden.some((value) => value.path === path);
    const required = kind.isNew && relation.owning && !relation.nullable && !hidden;
    const single = relation.nullable ? orNull(inner) : inner;
    object.add(name, told(many ? { type: 'array', items: inner } : single, member), required);
  }

  /** What names a row that is there already; without it a new one is made. */
  private addKey(object: ObjectSchema, { entity }: SerializerDescription): void {
    for (const path of entity.primaryKey) {
      const field = entity.field(path);
      if (field) object.add(path, schemaOfField(field), false);
    }
  }
}

function told(schema: JsonSchema, { help }: Member): JsonSchema {
  return help === '' ? schema : { ...schema, description: help };
}
