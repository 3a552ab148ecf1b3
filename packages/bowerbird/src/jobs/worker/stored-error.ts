import { MASK, maskUrl, showThrown, type SecretKeys } from '#core';

/** Characters of an error that are kept with its job. */
const LONGEST = 4_000;

const NUL = String.fromCharCode(0);

/** What is kept of an error: its text and stack as in the log, without keys and passwords, cut where it is long. */
export function storedError(error: unknown, { all: keys }: SecretKeys): string {
  const shown = maskUrl(showThrown(error)).replaceAll(NUL, '');
  const masked = keys.filter((key) => key !== '').reduce((text, key) => text.replaceAll(key, MASK), shown);
  // Half a character at the cut, or one that the job has made, is more than databases take.
  return Buffer.from(masked.slice(0, LONGEST)).toString();
}
