import { NoteKey, type Class } from '#core';

import { type ExportOptions } from '../content/describe-export.js';
import { type FilterDeclarations } from '../filters/describe-filters.js';
import { type Pagination } from '../pagination/pagination.js';
import { type SerializerClass } from '../serializer/serializer.decorator.js';
import { type VersionOption } from '../versions/version-set.js';
import { type AccessRule, type AccessRules } from './access-rule.js';
import { type ModelViewSet } from './model-viewset.js';
import { type StandardAction } from './standard-actions.js';

/** What a viewset serves, and how. */
export interface ViewSetOptions {
  /** Path below the API's own: `posts` is served at `/api/posts`. */
  readonly path: string;
  /** What rows look like and what input may hold. The only serializer of the entity unless said. */
  readonly serializer?: SerializerClass;
  /** Serializers of single actions instead. */
  readonly serializers?: Readonly<Record<string, SerializerClass>>;
  /** Shown and taken fields, where no serializer says it. */
  readonly fields?: readonly string[];
  /** Standard actions that it has; all unless said. */
  readonly actions?: readonly StandardAction[];
  /** Who may call what. `model` unless said: the permissions of the entity. */
  readonly access?: AccessRule | AccessRules;
  /** Fields by which lists can be filtered; a list of lookups for one of them leaves out the others. */
  readonly filters?: FilterDeclarations;
  /** Whether `?filter=or(status=draft,rank__gt=3)` may put conditions together. */
  readonly filterExpression?: boolean;
  /** Fields that `?search=` looks through: `title` for a part, `^title` for its beginning, `=code` for the whole. */
  readonly search?: readonly string[];
  /** Fields by which `?ordering=` may order. */
  readonly ordering?: readonly string[];
  /** The order where the address asks for none; that of the entity unless said. */
  readonly defaultOrdering?: readonly string[];
  /** How lists are cut into pages: `pages()`, `limitOffset()` or `cursor()`. */
  readonly pagination?: Pagination;
  /** The unique field that names rows in addresses, instead of the key. */
  readonly lookup?: string;
  /** Most rows that one request may create, 100 unless said; false for one at a time. */
  readonly bulk?: number | false;
  /** How whole lists are given away, as CSV or NDJSON, to whoever may list the rows; false for not at all. */
  readonly export?: ExportOptions | false;
  /** API version, or versions, that it belongs to; all unless said. `VERSION_NEUTRAL` of Nest is for requests that name none. */
  readonly version?: VersionOption;
  /** One sentence for readers of the API. */
  readonly summary?: string;
}

/** What a viewset class says of itself. */
export interface ViewSetNote {
  readonly entity: Class;
  readonly options: ViewSetOptions;
}

export const VIEWSET = new NoteKey<ViewSetNote>('viewset');

/** A viewset class. */
export type ViewSetClass<E extends object = object> = abstract new (...args: never[]) => ModelViewSet<E>;
