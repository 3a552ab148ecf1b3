/** The names of the methods of a class and of those that it extends. */
export function methodNames(prototype: object): readonly string[] {
  const names = new Set<string>();
  for (
    let level = prototype as object | null;
    level && level !== Object.prototype;
    level = Object.getPrototypeOf(level) as object | null
  )
    for (const name of Object.getOwnPropertyNames(level)) names.add(name);
  return [...names].filter((name) => name !== 'constructor');
}
