import { sha256 } from '#core';
import { type EntityKey } from '#orm';

const LONGEST = 255;

/** A primary key as one text: itself, or for several columns their values as JSON in the order of their names. */
export function auditKey(key: EntityKey): string {
  const text = typeof key === 'string' ? key : JSON.stringify(Object.entries(key).sort(byName));
  return text.length > LONGEST ? `sha256:${sha256(text)}` : text;
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
