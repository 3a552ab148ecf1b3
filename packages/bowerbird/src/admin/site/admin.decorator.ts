import { NoteKey, type AnyClass, type Class } from '#core';

import { type AdminMisuse, type Extra, type Fits } from './admin-misuse.js';
import { ACTION_NOTES, addAdminNote, DISPLAY_NOTE } from './admin-note.js';
import {
  type ActionContext,
  type ActionOptions,
  type ActionResult,
  type AdminOptions,
  type DisplayOptions,
  type OpenAdminOptions,
} from './admin-options.js';
import { type ModelAdmin } from './model-admin.js';

/**
 * Puts an entity into the admin. Names are typed against the class below: a misspelt path does not compile.
 *
 * @example
 * @Entity()
 * @Admin({ list: ['name', 'category.name'], search: ['name'], filters: ['category'] })
 * class Product { … }
 */
export function Admin<const O extends OpenAdminOptions>(
  options?: O,
): <E extends object>(entity: AnyClass<E> & Fits<E, O>) => void {
  return (entity) => addAdminNote(entity, { options: options ?? {} });
}

/**
 * Marks a class as the admin of an entity that it does not touch: for computed columns and actions as methods, and
 * for hooks per request. The class is a provider; list it in a module, or let the admin make it.
 *
 * @example
 * @AdminFor(Product, { list: ['name', 'margin'] })
 * class ProductAdmin extends ModelAdmin<Product> {
 *   @Display({ label: 'Margin', ordering: 'price' }) margin(row: Product) { return row.price - row.cost; }
 * }
 */
export function AdminFor<E extends object, const O extends OpenAdminOptions>(
  entity: AnyClass<E>,
  options?: O,
): <A extends ModelAdmin<E>>(admin: Class<A> & Fits<E, O, Extra<A, E>>) => void {
  return (admin) =>
    addAdminNote(entity, { options: options ?? {}, admin: admin as unknown as Class<ModelAdmin<never>> });
}

/** An entity that is put into the admin without a decorator on it, for `settings.admin.register`. */
export interface AdminRegistration {
  readonly entity: AnyClass;
  readonly options: OpenAdminOptions;
  /** The admin class, where there is one. */
  readonly admin?: Class<ModelAdmin<never>>;
}

/** Puts an unmodified entity into the admin: `settings.admin.register: [adminFor(City, { list: ['name'] })]`. */
export function adminFor<E extends object, const O extends AdminOptions<E>>(
  entity: AnyClass<E>,
  options?: O & ([AdminMisuse<E, O>] extends [never] ? unknown : AdminMisuse<E, O>),
): AdminRegistration {
  return { entity, options: (options ?? {}) as OpenAdminOptions };
}

/** Says how a method or getter is shown: on an entity, or on an admin class where the method gets the row. */
export function Display(options: DisplayOptions): MethodDecorator {
  return (target, member) => DISPLAY_NOTE.write(target, options, member);
}

/** Marks a method of an admin class as an action: it gets the selected rows as a query set and the action's context. */
export function Action(
  options: ActionOptions = {},
): <T extends (rows: never, context: ActionContext) => ActionResult | Promise<ActionResult>>(
  target: object,
  member: string,
  descriptor: TypedPropertyDescriptor<T>,
) => void {
  return (target, member) => NoteKey.append(ACTION_NOTES, target.constructor, { method: member, ...options });
}
