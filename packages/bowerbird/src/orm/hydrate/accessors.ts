import { ContextKey, contextValue } from '#core';

import { DeferredFieldError, UnloadedRelationError } from '../orm.errors.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { LoadGroup } from '../relations/load-group.js';

/** Set while the framework or TypeORM goes through entities: what was not loaded then reads as undefined. */
export const TOLERANT = new ContextKey<boolean>('unloaded values read as undefined');

type Stateful = Record<string, unknown>;

/** A field that was not loaded. It can be set. */
export function deferredAccessor(entity: string, path: string): PropertyDescriptor {
  return accessor(path, () => {
    throw new DeferredFieldError(entity, path);
  });
}

/** A relation that was not loaded, where that is an error. It can be set. */
export function unloadedAccessor(entity: string, path: string): PropertyDescriptor {
  return accessor(path, () => {
    throw new UnloadedRelationError(entity, path);
  });
}

function accessor(name: string, refuse: () => never): PropertyDescriptor {
  return {
    configurable: true,
    get: () => (contextValue(TOLERANT) ? undefined : refuse()),
    set(this: object, value: unknown) {
      Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
    },
  };
}

/**
 * A relation whose property is a promise. It keeps its value where TypeORM looks for it, and is loaded together with
 * that of the other rows of the result.
 */
export function lazyAccessor(relation: RelationModel): PropertyDescriptor {
  const { path } = relation;
  const [value, promise, has] = [`__${path}__`, `__promise_${path}__`, `__has_${path}__`];
  const keep = (entity: Stateful, given: unknown): void => {
    entity[value] = given;
    entity[has] = true;
    delete entity[promise];
  };
  const expect = (entity: Stateful, pending: Promise<unknown>): Promise<unknown> => {
    delete entity[has];
    delete entity[value];
    Object.defineProperty(entity, promise, { value: pending, configurable: true, writable: true });
    pending.then(
      (given) => entity[promise] === pending && keep(entity, given),
      () => entity[promise] === pending && delete entity[promise],
    );
    return pending;
  };
  return {
    configurable: true,
    get(this: Stateful) {
      if (this[has] === true || this[value] !== undefined) return Promise.resolve(this[value]);
      return this[promise] ?? expect(this, loadTogether(this, relation));
    },
    set(this: Stateful, given: unknown) {
      if (given instanceof Promise) void expect(this, given);
      else keep(this, given);
    },
  };
}

function loadTogether(entity: object, relation: RelationModel): Promise<unknown> {
  const group = LoadGroup.of(entity)!;
  if (!group.strict) return group.loader.value(entity, relation);
  return Promise.reject(new UnloadedRelationError(relation.from.name, relation.path));
}
