import { Index, Unique } from 'typeorm';

import { NoteKey } from '#core';

import { type Conditions } from '../../query/condition.types.js';
import { type Expression, type OrderBy } from '../../query/expressions/expression.js';
import { type Sql } from '../../query/sql/sql.js';
import { type ConstraintTelling, type Deferral } from '../entity-description.js';

/** Lookups, a `Q`, an expression that is true or false, or SQL with the names of columns in double quotes. */
export type ConstraintCondition<E> = Conditions<E> | string;

/** A value of a row: a path, an expression, or SQL by `rawSql()`. */
export type ConstraintValue = string | Expression | Sql;

/** What an index is over: a value, or one that begins with the greatest: `Lower('name').desc()`, `'-createdAt'`. */
export type IndexValue = ConstraintValue | OrderBy;

/** How people are told that a constraint refuses a row. */
export interface ViolationOptions extends ConstraintTelling {
  /** What they read; `messages` of `@Meta` says it as well. */
  readonly message?: string;
}

/** What an index is made of. */
export interface IndexParts<E> {
  /** Paths of fields and references; in an index that is not unique those with `-` begin with the greatest. */
  readonly fields?: readonly string[];
  /** Values instead of fields: `[Lower('email')]`; in an index that is not unique also `[Lower('name').desc(), '-createdAt']`. */
  readonly expressions?: readonly IndexValue[];
  /** Rows that count; all when it is not said. */
  readonly where?: ConstraintCondition<E>;
  /** PostgreSQL: further fields that the index carries, so that queries need not look at the table. Left out elsewhere. */
  readonly include?: readonly string[];
  /** PostgreSQL: the operator class of each part, empty for the usual one. Left out elsewhere. */
  readonly operators?: readonly string[];
}

/** What `@UniqueConstraint` takes. */
export interface UniqueConstraintOptions<E> extends IndexParts<E>, ViolationOptions {
  /** PostgreSQL: checked at the end of a transaction, or when the transaction asks for that. */
  readonly deferrable?: Deferral;
  /** `same`: two rows without a value are alike. `distinct`, the usual: any number of rows may have none. */
  readonly nulls?: 'distinct' | 'same';
}

/** One comparison of an exclusion: a value and an operator of PostgreSQL, and the operator class where it is no usual one. */
export type ExclusionElement = readonly [value: ConstraintValue, operator: string, operatorClass?: string];

/** What `@ExclusionConstraint` takes. */
export interface ExclusionConstraintOptions<E> extends ViolationOptions {
  /** No two rows may have all of these hold between them: `[['room', '='], [RangeOf('start', 'end'), '&&']]`. */
  readonly elements: readonly ExclusionElement[];
  /** Rows that count; all when it is not said. */
  readonly where?: ConstraintCondition<E>;
  /** `gist` when it is not said; or `spgist`, `btree`, `hash`. */
  readonly using?: string;
  readonly include?: readonly string[];
  readonly deferrable?: Deferral;
}

/** What `@TableIndex` takes. */
export interface TableIndexOptions<E> extends IndexParts<E> {
  /** PostgreSQL: `gin`, `gist`, `brin`, `spgist`, `hash`, `bloom`. Elsewhere such an index is left out. */
  readonly using?: string;
  /**
   * An index for searching the fields, all of which are texts: true for what `search` looks for on every database, or the
   * name of a text search configuration of PostgreSQL (`english`). SQLite needs none and gets none.
   */
  readonly fullText?: true | string;
}

/** What a decorator has noted of one constraint. */
export type ConstraintNote =
  | { readonly kind: 'unique'; readonly name: string; readonly options: UniqueConstraintOptions<object> }
  | { readonly kind: 'index'; readonly name: string; readonly options: TableIndexOptions<object> }
  | { readonly kind: 'exclusion'; readonly name: string; readonly options: ExclusionConstraintOptions<object> }
  | {
      readonly kind: 'check';
      readonly name: string;
      readonly options: ViolationOptions & { readonly condition: ConstraintCondition<object> };
    };

/** The constraints of a class; those of its parents come first. */
export const CONSTRAINT_NOTES = new NoteKey<readonly ConstraintNote[]>('constraints');

/**
 * No two rows have the same values: `@UniqueConstraint<User>('user_email', { expressions: [Lower('email')] })`. See
 * https://docs.djangoproject.com/en/stable/ref/models/constraints/#uniqueconstraint
 */
export function UniqueConstraint<E extends object = object>(
  name: string,
  options: UniqueConstraintOptions<E>,
): ClassDecorator {
  return (target) => {
    note(target, { kind: 'unique', name, options: untyped(options) });
    // What TypeORM has a word for, everything that reads its metadata knows as well.
    if (isPlainSet(untyped(options)) && !name.includes('{')) Unique(name, [...(options.fields ?? [])])(target);
  };
}

/** A condition that each row keeps; where it cannot be told (NULL) it counts as kept. */
export function CheckConstraint<E extends object = object>(
  name: string,
  condition: ConstraintCondition<E>,
  options: ViolationOptions = {},
): ClassDecorator {
  return (target) => note(target, { kind: 'check', name, options: untyped({ ...options, condition }) });
}

/** No two rows for which all comparisons hold: bookings of one room that overlap. PostgreSQL only. */
export function ExclusionConstraint<E extends object = object>(
  name: string,
  options: ExclusionConstraintOptions<E>,
): ClassDecorator {
  return (target) => note(target, { kind: 'exclusion', name, options: untyped(options) });
}

/** An index for what TypeORM's `@Index` has no words: expressions, operator classes, methods, carried columns. */
export function TableIndex<E extends object = object>(name: string, options: TableIndexOptions<E>): ClassDecorator {
  return (target) => {
    note(target, { kind: 'index', name, options: untyped(options) });
    const { fields, where, expressions, include, operators, using, fullText } = options;
    const isAscending = fields?.every((field) => !field.startsWith('-'));
    const isPlain = fields && isAscending && !where && !expressions && !include && !operators && !using && !fullText;
    if (isPlain && !name.includes('{')) Index(name, [...fields])(target);
  };
}

/** Whether TypeORM's `@Unique` says all that matters to queries. */
export function isPlainSet({ fields, where, expressions, operators, nulls }: UniqueConstraintOptions<object>): boolean {
  return fields !== undefined && fields.length > 0 && !where && !expressions && !operators && nulls !== 'same';
}

/** Names were checked where the decorator stands; from here on any entity will do. */
function untyped<T>(options: object): T {
  return options as T;
}

/** Decorators run from the last to the first. */
function note(target: object, made: ConstraintNote): void {
  CONSTRAINT_NOTES.write(target, [made, ...(CONSTRAINT_NOTES.read(target) ?? [])]);
}
