/** What a container asks of everything that it provides; rows have none of it. */
const HOOKS: ReadonlySet<string | symbol> = new Set([
  'then',
  'onModuleInit',
  'onApplicationBootstrap',
  'onModuleDestroy',
  'beforeApplicationShutdown',
  'onApplicationShutdown',
]);

/** A query set that is looked up each time that it is used: where it is declared its database is not there yet. */
export function lazyRows<Q extends object>(prototype: object, find: () => Q): Q {
  return new Proxy(Object.create(prototype) as Q, {
    get: (_, name) => {
      if (HOOKS.has(name)) return undefined;
      if (name === 'constructor') return prototype.constructor;
      const rows = find();
      const value: unknown = Reflect.get(rows, name);
      return typeof value === 'function' ? (value.bind(rows) as unknown) : value;
    },
  });
}
