/** The words of an argument that takes several. */
export function wordList(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : value;
}

/** The values of an option that may be given several times or take several words. */
export function flagList(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}

/** The text of an option, or undefined. */
export function flagText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
