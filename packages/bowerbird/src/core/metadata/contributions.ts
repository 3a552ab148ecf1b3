import { type DiscoveryService } from '@nestjs/core';

/** One provider that was found through its decorator, with what the decorator said. */
export interface Contribution<T, M> {
  readonly instance: T;
  readonly meta: M;
  /** Name of the provider's class, for messages. */
  readonly name: string;
}

/** A decorator made by `DiscoveryService.createDecorator`. */
export interface DiscoverableDecorator<M> {
  readonly KEY: string;
  (options?: M): ClassDecorator & PropertyDecorator & MethodDecorator;
}

/** All providers and controllers that carry the decorator, in the order of their modules. */
export function findContributions<T, M>(
  discovery: DiscoveryService,
  decorator: DiscoverableDecorator<M>,
): readonly Contribution<T, M>[] {
  const wrappers = [
    ...discovery.getProviders({ metadataKey: decorator.KEY }),
    ...discovery.getControllers({ metadataKey: decorator.KEY }),
  ];
  const found = new Map<unknown, Contribution<T, M>>();
  for (const wrapper of wrappers) {
    const instance = wrapper.instance as T | undefined;
    if (!instance || found.has(instance)) continue;
    const meta = discovery.getMetadataByDecorator(decorator as never, wrapper) as M;
    found.set(instance, { instance, meta, name: wrapper.name });
  }
  return [...found.values()];
}
