/** A query set that is looked up each time that it is used: where it is declared its database is not there yet. */
export function lazyRows<Q extends object>(prototype: object, find: () => Q): Q {
  return new Proxy(Object.create(prototype) as Q, {
    get: (_, name) => {
      const rows = find();
      const value: unknown = Reflect.get(rows, name);
      return typeof value === 'function' ? (value.bind(rows) as unknown) : value;
    },
  });
}
