import { NoteKey, type AnyClass, type Class } from '#core';

const PROXY_NOTE = new NoteKey<true>('proxy');

/**
 * Makes a class a second way of looking at the rows of the entity that it extends, without a table (Django's proxy
 * models): with methods, default scopes, an ordering, an admin and permissions of its own.
 *
 *     @ProxyEntity()
 *     @DefaultScope<Manager>('managers', { role: 'manager' })
 *     class Manager extends Person { promote() { … } }
 *
 * See https://docs.djangoproject.com/en/stable/topics/db/models/#proxy-models
 */
export function ProxyEntity(): (target: AnyClass) => void {
  return (target) => PROXY_NOTE.write(target, true);
}

/** Whether a class says itself that it is a proxy. */
export function isProxy(entity: AnyClass): boolean {
  return PROXY_NOTE.readOwn(entity) === true;
}

/** The entity whose rows a class stands for: the nearest class that it extends which is no proxy, or itself. */
export function proxiedEntity(entity: AnyClass): Class {
  return isProxy(entity) ? proxiedEntity(Object.getPrototypeOf(entity) as Class) : (entity as Class);
}
