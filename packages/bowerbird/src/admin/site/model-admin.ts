import { type QuerySet } from '#orm';

import { type AdminContext, type AdminPermission } from './admin-context.js';

/** A row about to be written from an admin form. */
export interface SaveContext extends AdminContext {
  /** Paths whose values changed. */
  readonly changed: readonly string[];
  readonly adding: boolean;
}

/**
 * Base of admin classes. Every hook has the behavior of an entity without an admin class; override what differs.
 * One instance serves all requests: keep nothing on `this` that belongs to one of them.
 */
export abstract class ModelAdmin<E extends object = object> {
  /** Narrows the rows that exist for this user: in lists, forms, searches, actions, history and deletions. */
  query(rows: QuerySet<E>, context: AdminContext): QuerySet<E> {
    void context;
    return rows;
  }

  /**
   * Has the last word on what a user may do. Undefined leaves the decision to policies and permissions; `row` is
   * missing when the question is about the entity as a whole.
   */
  allows(
    permission: AdminPermission,
    context: AdminContext,
    row?: E,
  ): boolean | undefined | Promise<boolean | undefined> {
    void [permission, context, row];
    return undefined;
  }

  /** The columns of this request's list, by name and in order; a subset of the declared ones. */
  columns(declared: readonly string[], context: AdminContext): readonly string[] {
    void context;
    return declared;
  }

  /** The filters of this request's list, by name; a subset of the declared ones. */
  filters(declared: readonly string[], context: AdminContext): readonly string[] {
    void context;
    return declared;
  }

  /** The actions of this request's list, by name; a subset of the declared ones. */
  actions(declared: readonly string[], context: AdminContext): readonly string[] {
    void context;
    return declared;
  }

  /** Replaces the search for one text. Undefined searches the declared fields. */
  search(rows: QuerySet<E>, text: string, context: AdminContext): QuerySet<E> | undefined {
    void [rows, text, context];
    return undefined;
  }

  /** Fields that this user may see but not change on this row, beside the declared ones. */
  readOnly(declared: readonly string[], context: AdminContext, row?: E): readonly string[] {
    void [context, row];
    return declared;
  }

  /** Runs in the transaction before a row from a form is stored; throw to refuse it. */
  beforeSave(row: E, context: SaveContext): void | Promise<void> {
    void [row, context];
  }

  /** Runs in the transaction after a row from a form and its many-to-many links were stored. */
  afterSave(row: E, context: SaveContext): void | Promise<void> {
    void [row, context];
  }

  /** Runs in the transaction before a row is deleted; throw to refuse it. */
  beforeDelete(row: E, context: AdminContext): void | Promise<void> {
    void [row, context];
  }
}

/** The admin of an entity that has no admin class. */
export class PlainModelAdmin extends ModelAdmin {}
