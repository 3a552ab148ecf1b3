import { type EntityDescription, type EntityKey } from '../describe/entity-description.js';

/** A key as the text that a generic reference keeps: itself, or JSON where it has several columns. */
export function keyText(key: EntityKey): string {
  if (typeof key === 'string') return key;
  const names = Object.keys(key).sort((left, right) => (left < right ? -1 : 1));
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, key[name]])));
}

/** The key behind a text, as lookups take it. */
export function keyFromText({ primaryKey }: EntityDescription, text: string): unknown {
  return primaryKey.length === 1 ? text : (JSON.parse(text) as unknown);
}

/** The text of a key by the values of its columns. */
export function rawKeyText(paths: readonly string[], values: readonly unknown[]): string {
  const texts = values.map(String);
  return keyText(
    texts.length === 1 ? texts[0]! : Object.fromEntries(texts.map((text, index) => [paths[index]!, text])),
  );
}
