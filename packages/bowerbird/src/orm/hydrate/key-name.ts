import { type RawKey } from '../query/compile/keys.js';

/** Equal for equal keys, whatever type the driver gives them on either side. */
export function keyName(key: RawKey): string {
  const [first] = key;
  return key.length === 1 ? valueName(first) : JSON.stringify(key.map(valueName));
}

function valueName(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}
