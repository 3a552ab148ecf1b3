import { NoteKey, type AnyClass } from '#core';

/** Which references of the entity between the two sides are meant; needed where it has several to one of them. */
export interface ManyToManyThroughOptions {
  /** The reference to the row that the relation starts at. */
  readonly own?: string;
  /** The reference to the related row. */
  readonly target?: string;
}

/** A many-to-many relation whose links are rows of an entity. */
export interface ThroughNote extends ManyToManyThroughOptions {
  readonly entity: () => AnyClass;
  readonly through: () => AnyClass;
}

/** The notes of {@link ManyToManyThrough}, by property. */
export const THROUGH_NOTE = new NoteKey<ThroughNote>('many-to-many through');

/** The properties of a class that are such relations. */
export const THROUGH_PATHS_NOTE = new NoteKey<readonly string[]>('many-to-many through paths');

/**
 * A property for related rows whose links are rows of an entity with two references and columns of its own:
 * `@ManyToManyThrough(() => Tag, () => Tagging) tags: Tag[]`. It adds no table and no column.
 * See https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.ManyToManyField.through
 */
export function ManyToManyThrough(
  entity: () => AnyClass,
  through: () => AnyClass,
  options: ManyToManyThroughOptions = {},
): PropertyDecorator {
  return (target, property) => {
    THROUGH_NOTE.write(target, { ...options, entity, through }, property);
    NoteKey.append(THROUGH_PATHS_NOTE, target.constructor, String(property));
  };
}
