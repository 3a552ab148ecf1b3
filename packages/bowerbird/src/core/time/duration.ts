/** A length of time with its unit: `'500ms'`, `'30s'`, `'15m'`, `'12h'`, `'14d'`, `'2w'`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`;

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const PATTERN = /^(\d+(?:\.\d+)?)(ms|s|m|h|d|w)$/;

/** The length of a duration in milliseconds, or undefined when the text is none. */
export function parseDuration(text: unknown): number | undefined {
  const match = typeof text === 'string' ? PATTERN.exec(text) : null;
  if (!match) return undefined;
  return Math.round(Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]);
}

/** The length of a duration in milliseconds. @throws RangeError when the text is none. */
export function durationMs(duration: Duration): number {
  const length = parseDuration(duration);
  if (length === undefined)
    throw new RangeError(`"${String(duration)}" is no duration; write one as "30s", "15m" or "14d"`);
  return length;
}
