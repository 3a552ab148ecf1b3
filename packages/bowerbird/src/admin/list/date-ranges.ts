/** A calendar day without a time zone. */
export interface Day {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

/** Days from `from` up to, but not including, `until`; either end may be open. */
export interface DayRange {
  readonly from: Day | null;
  readonly until: Day | null;
}

/** What the date filter offers, by its value in the address. */
export const DATE_CHOICES = [
  ['today', 'Today'],
  ['week', 'Past 7 days'],
  ['month', 'This month'],
  ['year', 'This year'],
] as const;

/** The days that a choice of the date filter means on a given day; undefined for an unknown choice. */
export function choiceRange(choice: string, today: Day): DayRange | undefined {
  const tomorrow = addDays(today, 1);
  switch (choice) {
    case 'today':
      return { from: today, until: tomorrow };
    case 'week':
      return { from: addDays(today, -6), until: tomorrow };
    case 'month':
      return { from: { ...today, day: 1 }, until: monthAfter(today) };
    case 'year':
      return { from: { year: today.year, month: 1, day: 1 }, until: { year: today.year + 1, month: 1, day: 1 } };
    default:
      return undefined;
  }
}

function monthAfter({ year, month }: Day): Day {
  return month === 12 ? { year: year + 1, month: 1, day: 1 } : { year, month: month + 1, day: 1 };
}

/** The day a number of days later, or earlier when negative. */
export function addDays({ year, month, day }: Day, days: number): Day {
  return dayOfUtc(new Date(Date.UTC(year, month - 1, day + days)));
}

function dayOfUtc(date: Date): Day {
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Reads `2026-11-21`; undefined for anything that is no day of the calendar. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return undefined;
  const day: Day = { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
  return formatDay(addDays(day, 0)) === text ? day : undefined;
}

/** Writes `2026-11-21`. */
export function formatDay({ year, month, day }: Day): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

/** The day that it is in a time zone at a moment. */
export function dayIn(moment: Date, timeZone: string): Day {
  return dayOfUtc(new Date(moment.getTime() + offsetAt(moment, timeZone)));
}

/**
 * The first moment of a day in a time zone. Where the clock skips midnight, the first moment after the gap.
 */
export function startOfDay({ year, month, day }: Day, timeZone: string): Date {
  const utc = Date.UTC(year, month - 1, day);
  const guess = new Date(utc - offsetAt(new Date(utc), timeZone));
  return new Date(utc - offsetAt(guess, timeZone));
}

/** Milliseconds by which the clocks of a time zone are ahead of UTC at a moment. */
function offsetAt(moment: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(moment);
  const value = (type: string) => Number(parts.find((part) => part.type === type)!.value);
  const local = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return local - Math.floor(moment.getTime() / 1000) * 1000;
}
