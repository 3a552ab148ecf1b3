import { NoteKey } from '#core';

import { type DatabaseNeed } from './database-needs.js';

/** What an entity says of itself as a whole (Django's `class Meta`). */
export interface MetaOptions {
  /** What people call one row: `Blog post`. Made from the class name when absent. */
  readonly label?: string;
  /** What people call several rows. */
  readonly labelPlural?: string;
  /** Default order of query sets: paths, `-` in front for descending (`['-publishedAt', 'author.name']`). */
  readonly ordering?: readonly string[];
  /** The date field by which `latest()` and `earliest()` choose. */
  readonly latestBy?: string;
  /** A path or a method without arguments whose value is the text form of a row. */
  readonly display?: string;
  /** Actions with a permission of their own beside view, add, change and delete: `{ publish: 'Can publish posts' }`. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** Whether migrations create and change the table. */
  readonly managed?: boolean;
  /**
   * What its columns, constraints or queries need of the database, checked before deployment: kinds and least versions
   * (`postgres`, `mariadb>=10.6`), any of which will do; features (`jsonb`, `skipLocked`) and extensions
   * (`postgres:pg_trgm`), all of which must be there.
   */
  readonly requires?: readonly DatabaseNeed[];
  /**
   * Whether `@Min`, `@Max`, `@IsPositive` and `@IsNegative` of its columns of numbers are check constraints of the table too;
   * what `settings.orm` says.
   */
  readonly limitChecks?: boolean;
  /** What people read when a check or a unique set refuses a row, by its name: `{ price_positive: 'Set a price.' }`. */
  readonly messages?: Readonly<Record<string, string>>;
  /** Whether writes are kept in the audit log. */
  readonly audited?: boolean;
  /** Paths that name a row wherever it is stored (`['slug']`, `['author', 'title']`): for fixtures between databases. */
  readonly naturalKey?: readonly string[];
}

/** The notes of {@link Meta}, read once by `describeEntity`. */
export const META_NOTE = new NoteKey<MetaOptions>('entity meta');

/** Describes an entity as a whole. Subclasses inherit everything but the labels. */
export function Meta(options: MetaOptions): ClassDecorator {
  return (target) => META_NOTE.write(target, options);
}
