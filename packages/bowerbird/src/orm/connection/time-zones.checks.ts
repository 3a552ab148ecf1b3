import { Injectable } from '@nestjs/common';

import { Check, CheckRule, error, warning, type Findings } from '#core';

import { ServerTimeZoneError } from '../orm.errors.js';
import { type ClockChange } from '../query/zones/clock-changes.js';
import { type Database } from './database.js';
import { Databases } from './databases.js';

/** Seconds between which the changes of clocks are compared: 1970 to 2040. */
const COMPARED = { from: 0, to: Date.UTC(2040, 0, 1) / 1000 } as const;

/**
 * PostgreSQL looks at its server's own data of time zones, and all other databases at those of Node. Asked about the zone
 * of the settings alone: others are not known before they are used.
 */
@Check('orm')
@Injectable()
export class TimeZonesChecks {
  constructor(private readonly databases: Databases) {}

  @CheckRule({ database: true })
  async *unknownZones(): Findings {
    for (const database of this.asked())
      if ((await differences(database)) === 'unknown')
        yield error(
          'orm.E071',
          `The PostgreSQL server of "${database.alias}" does not know the time zone ${zoneOf(database).name}`,
          {
            at: database.alias,
            hint: "Update the server's data of time zones (the package tzdata), or name an older zone of the same place",
          },
        );
  }

  @CheckRule({ database: true })
  async *differentClocks(): Findings {
    for (const database of this.asked()) {
      const found = await differences(database);
      if (found === 'unknown' || found.length === 0) continue;
      const first = new Date(found[0]!.at * 1000).toISOString();
      yield warning(
        'orm.W070',
        `The PostgreSQL server of "${database.alias}" and Node set the clocks in ${zoneOf(database).name} differently, first at ${first}`,
        {
          at: database.alias,
          hint: `Update the older one: the server's package tzdata, or Node, which has the version ${process.versions.tz}`,
        },
      );
    }
  }

  private asked(): readonly Database[] {
    return this.databases.all().filter((each) => each.dialect === 'postgres' && !zoneOf(each).isUtc);
  }
}

function zoneOf({ queries }: Database) {
  return queries.dialect.zones.default;
}

/** The changes of clocks that a server does not know of, or knows other ones at. */
async function differences(database: Database): Promise<readonly ClockChange[] | 'unknown'> {
  const zone = zoneOf(database);
  const changes = zone.table.changes.filter(({ at }) => at >= COMPARED.from && at < COMPARED.to);
  const offset = (at: string): string =>
    `EXTRACT(EPOCH FROM (TO_TIMESTAMP(${at}) AT TIME ZONE $2) - (TO_TIMESTAMP(${at}) AT TIME ZONE 'UTC'))::int`;
  try {
    const rows = await database.query<{ before: number; after: number }[]>(
      `SELECT ${offset('at - 1')} AS before, ${offset('at')} AS after
      FROM UNNEST($1::double precision[]) WITH ORDINALITY AS changes(at, place) ORDER BY place`,
      [changes.length > 0 ? changes.map(({ at }) => at) : [0], zone.name],
    );
    return changes.filter(({ before, after }, index) => {
      const row = rows[index]!;
      return row.before !== before || row.after !== after;
    });
  } catch (failure) {
    if (failure instanceof ServerTimeZoneError) return 'unknown';
    throw failure;
  }
}
