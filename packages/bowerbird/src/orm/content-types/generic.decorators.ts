import { NoteKey, type AnyClass } from '#core';

/** Where a generic reference is kept. */
export interface GenericForeignKeyOptions {
  /** The property with the id of the content type; `contentTypeId`. */
  readonly type?: string;
  /** The property with the key of the row as text; `objectKey`. */
  readonly key?: string;
}

/** The notes of {@link GenericForeignKey}, by property. */
export const GENERIC_KEY_NOTE = new NoteKey<Required<GenericForeignKeyOptions>>('generic foreign key');

/** The properties of a class that are generic references. */
export const GENERIC_KEYS_NOTE = new NoteKey<readonly string[]>('generic foreign keys');

/** The rows that refer to an entity generically. */
export interface GenericRelationNote {
  readonly entity: () => AnyClass;
  readonly path: string;
}

/** The notes of {@link GenericRelation}, by property. */
export const GENERIC_RELATION_NOTE = new NoteKey<GenericRelationNote>('generic relation');

/** A property that holds a row of any entity. It is no column: two others say which row it is. */
export function GenericForeignKey({
  type = 'contentTypeId',
  key = 'objectKey',
}: GenericForeignKeyOptions = {}): PropertyDecorator {
  return (target, property) => {
    GENERIC_KEY_NOTE.write(target, { type, key }, property);
    NoteKey.append(GENERIC_KEYS_NOTE, target.constructor, String(property));
  };
}

/** A property for the rows of another entity whose generic reference (`path`) leads here. */
export function GenericRelation(entity: () => AnyClass, path: string): PropertyDecorator {
  return (target, property) => GENERIC_RELATION_NOTE.write(target, { entity, path }, property);
}
