import { type FieldDescription } from '#orm';

/**
 * Whether a form takes values of a column and never shows them: passwords, and secrets that rows are loaded without.
 * Empty input says nothing about such a column, so that on the form of a row it leaves the value as it is.
 */
export function isWriteOnly({ selected, sensitive, format }: FieldDescription): boolean {
  if (format === 'file' || format === 'image') return false;
  return format === 'password' || (sensitive && !selected);
}
