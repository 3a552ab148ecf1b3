/** A part of a value that JSON cannot hold. */
export interface JsonMisfit {
  /** Where it lies: `cart.items.0.at`. */
  readonly path: string;
  /** What it is: `an object of Date`. */
  readonly found: string;
}

/** Deeper than any value that somebody wrote down; a value that holds itself has no end. */
const DEEPEST = 100;

/** The first part of a value that would not come back from JSON as it was; undefined where all of it would. */
export function jsonMisfit(value: unknown, path: string, depth = 0): JsonMisfit | undefined {
  const found = depth > DEEPEST ? `nested more than ${DEEPEST} levels deep` : misfit(value);
  if (found !== undefined) return { path, found };
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const inside = jsonMisfit(item, `${path}.${name}`, depth + 1);
    if (inside) return inside;
  }
  return undefined;
}

function misfit(value: unknown): string | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined;
  if (value === undefined) return 'undefined';
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : `the number ${value}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  return Array.isArray(value) || isPlain(value) ? undefined : `an object of ${className(value)}`;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function className(value: object): string {
  return value.constructor?.name ?? 'an unnamed class';
}
