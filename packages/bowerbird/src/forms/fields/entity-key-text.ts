import { Q, type Condition, type EntityDescription, type EntityKey } from '#orm';

/** A primary key as one text: the key itself, or JSON for keys of several columns. */
export function keyText(key: EntityKey | number | bigint): string {
  return typeof key === 'object' ? JSON.stringify(key) : String(key);
}

/** The key of such a text; undefined when it cannot be one. */
export function parseKey({ primaryKey }: EntityDescription, text: string): EntityKey | undefined {
  if (text.includes('\0')) return undefined;
  if (primaryKey.length === 1) return text;
  try {
    const key = JSON.parse(text) as Record<string, string>;
    return primaryKey.every((path) => typeof key[path] === 'string') ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A condition that holds for the rows of these keys, of which there is at least one. */
export function keyFilter({ primaryKey }: EntityDescription, keys: readonly EntityKey[]): Condition<object> {
  if (primaryKey.length === 1) return Q(keys.length === 1 ? { pk: keys[0] } : { pk__in: keys });
  const [first, ...rest] = keys.map((key) => Q(valuesOf(primaryKey, key)));
  return rest.reduce<Condition<object>>((all, one) => all.or(one), first!);
}

function valuesOf(primaryKey: readonly string[], key: EntityKey): object {
  return typeof key === 'object' ? Object.fromEntries(primaryKey.map((path) => [path, key[path]])) : { pk: key };
}
