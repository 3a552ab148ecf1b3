import { cycled } from './clock-cycle.js';
import { readTable, stepsUntil, type ClockTable, type Steps } from './clock-table.js';

/** The last day that databases can hold. */
const LAST_DAY = Date.parse('9999-12-31T00:00:00Z');

const UNIVERSAL = 'UTC';

/**
 * A time zone: what clocks in it show. Moments are milliseconds since 1970; what a clock shows is told by the moment at
 * which a clock of UTC does. The name is one of the IANA database and needs no escaping in SQL.
 */
export class TimeZone {
  private read: ClockTable | undefined;

  constructor(readonly name: string) {}

  get isUtc(): boolean {
    return this.name === UNIVERSAL;
  }

  /** The offsets of the zone, which Node is asked for once. */
  get table(): ClockTable {
    return (this.read ??= readTable(this.name));
  }

  /** What the clocks show at a moment. */
  clockAt(moment: number): number {
    if (this.isUtc || (moment >= LAST_DAY && this.table.leadsOut)) return moment;
    return moment + this.offset(this.table.ofMoments, moment);
  }

  /** The first moment of the day that begins when the clocks show a midnight. */
  midnight(clock: number): number {
    return this.isUtc ? clock : clock - this.offset(this.table.ofMidnights, clock);
  }

  /** The day that calendars show at a moment: `2026-11-01`. */
  dayAt(moment: number): string {
    return new Date(this.clockAt(moment)).toISOString().slice(0, 10);
  }

  /** Whether the clocks are put back over a midnight, so that they show the end of the day before once more. */
  repeatsBefore(midnight: number): boolean {
    if (this.isUtc) return false;
    const { ofMoments } = this.table;
    const begin = this.key(this.midnight(midnight));
    const steps = stepsUntil(ofMoments, begin);
    const next = ofMoments.starts[steps];
    return next !== undefined && next + ofMoments.values[steps + 1]! < begin + ofMoments.values[steps]!;
  }

  private offset(steps: Steps, milliseconds: number): number {
    return steps.values[stepsUntil(steps, this.key(milliseconds))]! * 1000;
  }

  /** The second by which something is looked up. */
  private key(milliseconds: number): number {
    const { from } = this.table;
    const seconds = Math.floor(milliseconds / 1000);
    return from === undefined ? seconds : cycled(seconds, from);
  }
}

/** The zone of everything that names none. */
export const UTC = new TimeZone(UNIVERSAL);
