/** A value as a form would show or send it: nothing for null and undefined, ISO 8601 for dates, JSON for objects. */
export function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString();
  return typeof value === 'bigint' ? value.toString() : (JSON.stringify(value) ?? '');
}
