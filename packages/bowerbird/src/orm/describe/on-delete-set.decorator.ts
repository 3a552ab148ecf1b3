import { NoteKey, type AnyClass, type Class } from '#core';

import { type KeyOf, type Related } from '../query/path.types.js';
import { type QuerySet } from '../query/query-set.js';

/** What a function given to {@link OnDeleteSet} knows of the deletion. It runs inside of its transaction. */
export interface ReplacementContext {
  /** Alias of the database. */
  readonly database: string;
  /** The entity whose rows get another reference. */
  readonly entity: Class;
  /** The query set of all rows of an entity in that database. */
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
}

/** What rows that refer to a deleted one are set to. */
export interface ReplacementDescription {
  /** Whether it is the same for every deletion. */
  readonly fixed: boolean;
  /** A row, a key or null, asked for once by each deletion that concerns such rows. */
  readonly value: (context: ReplacementContext) => unknown;
}

/** What a relation takes: a row, its key, or null where the property may be null. */
type Reference<T> = Awaited<T> | ([Related<T>] extends [never] ? never : KeyOf<Related<T>>);

/** Stands beside a relation that takes values of a type. */
type ReplacementDecorator<V> = <E extends object, P extends string & keyof E>(
  target: E,
  property: [V] extends [Reference<E[P]>] ? P : never,
) => void;

const REPLACEMENT_NOTE = new NoteKey<ReplacementDescription>('on delete set');
/** The properties of a class that carry {@link OnDeleteSet}. */
const REPLACEMENT_NAMES = new NoteKey<readonly string[]>('on delete set names');

/**
 * What a reference is set to when the row that it leads to is deleted (Django's `on_delete=SET(…)`): a row, a key, null, or
 * a function that gives one of them and may be async. It runs once for each deletion, and only where rows refer.
 * Stands beside `@ManyToOne`, or `@OneToOne` with `@JoinColumn`, without an `onDelete` of TypeORM's. See
 * https://docs.djangoproject.com/en/stable/ref/models/fields/#django.db.models.SET
 */
export function OnDeleteSet<V>(work: (context: ReplacementContext) => V | Promise<V>): ReplacementDecorator<V>;
export function OnDeleteSet<V extends object | string | number | bigint | null>(value: V): ReplacementDecorator<V>;
export function OnDeleteSet(given: unknown): (target: object, property: string) => void {
  const fixed = typeof given !== 'function';
  const value = fixed ? () => given : (given as ReplacementDescription['value']);
  return (target, property) => {
    REPLACEMENT_NOTE.write(target, Object.freeze({ fixed, value }), property);
    NoteKey.append(REPLACEMENT_NAMES, target.constructor, property);
  };
}

/** What a reference is set to, where its property says it. */
export function replacementOf(owner: AnyClass, property: string): ReplacementDescription | undefined {
  return REPLACEMENT_NOTE.read(owner.prototype as object, property);
}

/** The properties of a class, inherited ones included, that carry {@link OnDeleteSet}. */
export function replacedReferences(target: object): readonly string[] {
  return REPLACEMENT_NAMES.read(target) ?? [];
}
