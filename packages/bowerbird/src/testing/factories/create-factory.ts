import { type Class } from '#core';

import { Factory, type FactoryOptions, type FactoryValues } from './factory.js';
import { RowPlan, type MakeSource } from './row-plan.js';

/**
 * A factory of rows of an entity.
 * @example `const posts = factory(Post, { title: sequence((n) => `Post ${n}`), author: subFactory(authors) })`
 */
export function factory<E extends object, T extends string = never>(
  entity: Class<E>,
  values: FactoryValues<E> = {},
  { traits, seed = 0 }: FactoryOptions<E, T> = {},
): Factory<E, T> {
  const makeSource: MakeSource = (target) => plain(target, new RowPlan(seed, makeSource));
  return new Factory<E, T>({
    entity,
    layers: [values],
    traits: traits ?? ({} as Readonly<Record<T, FactoryValues<E>>>),
    plan: new RowPlan(seed, makeSource),
    place: undefined,
  });
}

/** The factory of rows that others need: nothing but what is required. */
function plain(entity: Class, plan: RowPlan): Factory<object> {
  return new Factory<object>({ entity, layers: [], traits: {}, plan, place: undefined });
}
