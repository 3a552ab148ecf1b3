/** Whether two JSON values are the same, whatever the order of their keys. */
export function sameJson(one: unknown, other: unknown): boolean {
  if (!isBranch(one) || !isBranch(other)) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && sameJson(one[key], other[key]))
  );
}

/**
 * Whether a JSON value has everything that another one has, as PostgreSQL's `@>` tells it: lists in any order, and at
 * the top a list stands for each of its plain elements. See https://www.postgresql.org/docs/current/datatype-json.html
 */
export function containsJson(value: unknown, other: unknown): boolean {
  if (Array.isArray(value) && !isBranch(other)) return value.includes(other);
  return holds(value, other);
}

function holds(value: unknown, other: unknown): boolean {
  if (!isBranch(value) || !isBranch(other)) return value === other;
  if (Array.isArray(value) !== Array.isArray(other)) return false;
  if (Array.isArray(other))
    return other.every((wanted) => (value as unknown as unknown[]).some((each) => holds(each, wanted)));
  return Object.keys(other).every((key) => Object.hasOwn(value, key) && holds(value[key], other[key]));
}

function isBranch(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
