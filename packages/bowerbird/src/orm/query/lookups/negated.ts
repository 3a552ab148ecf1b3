/** Lookups that hold where others do not, also for NULL. */
const NEGATED: Readonly<Record<string, string>> = { ne: 'exact', notIn: 'in', notRange: 'range' };

/** Names of the lookups that hold where others do not, for messages. */
export const NEGATED_NAMES: readonly string[] = Object.keys(NEGATED);

/** The lookups that have to fail for these to hold; undefined for those that hold by themselves. */
export function positiveOf(lookups: readonly string[]): readonly string[] | undefined {
  const last = lookups.at(-1) ?? '';
  return Object.hasOwn(NEGATED, last) ? [...lookups.slice(0, -1), NEGATED[last]!] : undefined;
}
