/** Milliseconds by which a zone's clocks are ahead of UTC at a moment. */
function offsetAt(moment: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    era: 'short',
  }).formatToParts(moment);
  const part = (type: string): number => Number(parts.find((candidate) => candidate.type === type)!.value);
  const year = parts.some(({ value }) => value === 'BC') ? 1 - part('year') : part('year');
  const local = new Date(0);
  local.setUTCFullYear(year, part('month') - 1, part('day'));
  local.setUTCHours(part('hour'), part('minute'), part('second'));
  return local.getTime() - Math.floor(moment / 1_000) * 1_000;
}

/**
 * The moment at which the clocks of a zone show a time (given as if it were UTC). Of two such moments, when clocks are
 * set back, the earlier one; undefined when clocks are set forward over it.
 */
export function momentInZone(local: number, timeZone: string): Date | undefined {
  const candidates = [local - offsetAt(local - 86_400_000, timeZone), local - offsetAt(local + 86_400_000, timeZone)];
  const exact = candidates.filter((moment) => moment + offsetAt(moment, timeZone) === local);
  return exact.length > 0 ? new Date(Math.min(...exact)) : undefined;
}

/** What the clocks of a zone show at a moment, as ISO 8601 without a zone: `2026-03-01T09:30:00.000`. */
export function localTextOf(moment: Date, timeZone: string): string {
  return new Date(moment.getTime() + offsetAt(moment.getTime(), timeZone)).toISOString().slice(0, -1);
}
