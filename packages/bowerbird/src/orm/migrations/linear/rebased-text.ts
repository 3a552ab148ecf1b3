import { CommandError } from '#core';

import { referenceKey } from '../files/migration-file.js';
import { type MigrationReference } from '../migration.js';

/** References by `app.name` to what they are from now on. */
export type ReferenceChanges = ReadonlyMap<string, MigrationReference>;

/** `['shop', '0002_product_sku']`, in any quotes and on any number of lines. */
const REFERENCE = /(\[\s*)(['"`])(\w+)\2(\s*,\s*)(['"`])([\w-]+)\5(\s*,?\s*\])/g;

/**
 * The text of a migration file with other references in its lists; whatever else it says stays.
 * @throws CommandError when the text does not write one of them as `['app', 'name']`
 */
export function withReferences(path: string, text: string, changes: ReferenceChanges): string {
  const found = new Set<string>();
  const changed = text.replace(REFERENCE, (whole: string, ...parts: string[]) => {
    const [open, quote, app, comma, , name, close] = parts as [string, string, string, string, string, string, string];
    const key = referenceKey([app, name]);
    const to = changes.get(key);
    if (!to) return whole;
    found.add(key);
    return `${open}${quote}${to[0]}${quote}${comma}${quote}${to[1]}${quote}${close}`;
  });
  const missing = [...changes.keys()].find((key) => !found.has(key));
  if (missing === undefined) return changed;
  const [app, name] = missing.split('.');
  throw new CommandError(`${path} depends on ${missing}, but does not write it as ['${app}', '${name}']`, {
    hint: 'Write it so, or change the file by hand',
  });
}
