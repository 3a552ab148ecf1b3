import { NoteKey, type Class } from '#core';
import { type FormClassOptions } from '#forms';
import { type QuerySet } from '#orm';

import { type ModelSerializer } from './model-serializer.js';
import { type SerializerContext } from './serializer-context.js';

/** A serializer class. */
export type SerializerClass<E extends object = object> = Class<ModelSerializer<E>>;

/** How another serializer stands inside of one. */
export interface NestedOptions {
  /** Called when all classes are there, so that serializers may name each other. */
  readonly serializer: () => SerializerClass;
  /** Whether input may make, change and link these rows; otherwise they are named by their keys. False. */
  readonly writable?: boolean;
  /** For a writable list: what becomes of rows that the input leaves out. They are unlinked or, where that is not possible, deleted with `replace`; they stay with `merge`, the default. */
  readonly missing?: 'replace' | 'merge';
}

/** How a reference is written that is not nested: by its key, by the text of the row, by a unique field, by its address. */
export type ReferenceStyle = 'key' | 'text' | 'link' | { readonly slug: string };

/** A value that the framework gives, whatever is sent. */
export interface HiddenValue {
  readonly value: (context: SerializerContext) => unknown;
  /** `create`, the default, or with each `save`. */
  readonly on?: 'create' | 'save';
}

/** What a serializer shows and takes. Everything is private until it is named in `fields`. */
export interface SerializerOptions {
  /** Names in the order of the output: fields and relations of the entity, computed methods, names of `source`. */
  readonly fields: readonly string[];
  /** Names that are shown and whose input is ignored. */
  readonly readOnly?: readonly string[];
  /** Names that are taken and never shown. */
  readonly writeOnly?: readonly string[];
  /** Names that stand for other paths: `{ headline: 'title', authorName: 'author.name' }`. */
  readonly source?: Readonly<Record<string, string>>;
  /** Serializers of related rows by name. */
  readonly nested?: Readonly<Record<string, SerializerClass | NestedOptions>>;
  /** Serializers of related rows that are shown when `?expand=` names them; their keys otherwise. */
  readonly expand?: Readonly<Record<string, () => SerializerClass>>;
  /** How references are written; by their keys unless said otherwise. */
  readonly references?: Readonly<Record<string, ReferenceStyle>>;
  /** Which rows a reference may name, beside what policies let the user see. */
  readonly choices?: Readonly<Record<string, (rows: QuerySet, context: SerializerContext) => QuerySet>>;
  /** Values by path that are never read from input: `{ author: ({ user }) => user }`. */
  readonly hidden?: Readonly<Record<string, HiddenValue | HiddenValue['value']>>;
  /** Options of the input by path, over what the entity says: labels, bounds, choices, `required`. */
  readonly overrides?: FormClassOptions['overrides'];
}

/** What a serializer class says of itself. */
export interface SerializerNote {
  readonly entity: Class;
  readonly options: SerializerOptions;
}

export const SERIALIZER = new NoteKey<SerializerNote>('serializer');

/**
 * Says which rows a serializer class writes and what of them:
 *
 *     @Serializer(Post, { fields: ['id', 'title', 'author', 'wordCount'], nested: { author: AuthorSerializer } })
 *     class PostSerializer extends ModelSerializer<Post> {
 *       wordCount(post: Post) { return post.body.split(/\s+/).length; }
 *     }
 *
 * Methods that are named in `fields` compute values. All names are checked when the application boots.
 */
export function Serializer<E extends object>(
  entity: Class<E>,
  options: SerializerOptions,
): (serializer: SerializerClass<E>) => void {
  return (serializer) => SERIALIZER.write(serializer, { entity, options });
}
