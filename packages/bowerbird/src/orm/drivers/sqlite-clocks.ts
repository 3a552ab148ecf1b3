import { parseMoment } from '../query/lookups/dates.js';
import { type TimeZones } from '../query/zones/time-zones.js';

type Text = string | null;

/** What SQLite is told of time zones. Moments and what clocks show are text, as columns hold it. */
interface ClockFunctions {
  /** What clocks of a zone show at a moment. */
  clock(moment: Text, zone: string): Text;
  /** The moment at which clocks show something, when they are set as they are at another moment. */
  unclock(clock: Text, moment: Text, zone: string): Text;
  /** The first moment of the day that begins when the clocks show a midnight. */
  midnight(clock: Text, zone: string): Text;
}

/** The functions of a connection whose zones are known already. */
export function clockFunctions(zones: TimeZones): ClockFunctions {
  return {
    clock: (moment, zone) => changed(moment, (at) => zones.of(zone).clockAt(at)),
    unclock: (clock, moment, zone) =>
      changed(clock, (shown) => changedBack(shown, moment, (at) => zones.of(zone).clockAt(at))),
    midnight: (clock, zone) => changed(clock, (shown) => zones.of(zone).midnight(shown)),
  };
}

function changed(text: Text, change: (milliseconds: number) => number | undefined): Text {
  const given = parseMoment(text)?.getTime();
  const made = given === undefined ? undefined : change(given);
  return made === undefined ? null : new Date(made).toISOString().replace('T', ' ').replace('Z', '');
}

function changedBack(clock: number, moment: Text, clockAt: (moment: number) => number): number | undefined {
  const at = parseMoment(moment)?.getTime();
  return at === undefined ? undefined : clock - (clockAt(at) - at);
}
