/**
 * The value of a relation that was loaded with its row, also where the property is a promise; undefined where it was not
 * loaded.
 */
export function loadedRelation(row: object, path: string): unknown {
  const lazy = Object.getOwnPropertyDescriptor(row, `__${path}__`);
  return lazy ? lazy.value : Object.getOwnPropertyDescriptor(row, path)?.value;
}
