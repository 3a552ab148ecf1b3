import { Injectable } from '@nestjs/common';

import { Check, CheckRule, warning, type Findings } from '#core';

import { type Dialect } from '../describe/entity-description.js';
import { type Database } from './database.js';
import { Databases } from './databases.js';

/** What sorts text in a database, where that is not its code points, and what to do about it. */
interface TextOrder {
  readonly by: string;
  readonly hint: string;
}

/** Finds out by what a database sorts; undefined where it is by code points. */
type OrderFinder = (database: Database) => Promise<TextOrder | undefined>;

const FINDERS: Readonly<Partial<Record<Dialect, OrderFinder>>> = { postgres: ofPostgres, mysql: ofMysql };

/** Databases in which the order of text is that of a language. */
@Check('orm')
@Injectable()
export class TextOrderChecks {
  constructor(private readonly databases: Databases) {}

  @CheckRule({ database: true })
  async *textOrder(): Findings {
    for (const database of this.databases.all()) {
      const found = await FINDERS[database.dialect]?.(database);
      if (found)
        yield warning(
          'orm.W071',
          `Text in the database "${database.alias}" is sorted by ${found.by}, and not by code points: orderings, gt, lt, range, Min and Max give other rows there than on other databases`,
          { at: database.alias, hint: found.hint },
        );
    }
  }
}

/** By code points capital letters come before small ones, and both before letters with accents. */
async function ofPostgres(database: Database): Promise<TextOrder | undefined> {
  const [row] = await database.query<{ plain: boolean; collation: string }[]>(
    `SELECT 'B' < 'a' AND 'z' < 'é' AND 'a b' < 'aa' AS plain, datcollate AS collation
    FROM pg_database WHERE datname = CURRENT_DATABASE()`,
  );
  if (row!.plain) return undefined;
  return {
    by: `the rules of its locale (${row!.collation})`,
    hint: "Make the database with CREATE DATABASE … TEMPLATE template0 LOCALE 'C.UTF-8', or silence this where the order of a language is wanted",
  };
}

/** Tables that migrations made are sorted by code points; those that were there before have collations of their own. */
async function ofMysql(database: Database): Promise<TextOrder | undefined> {
  const { descriptions, alias } = database;
  const tables = new Set(descriptions.all().flatMap((entity) => (entity.database === alias ? [entity.table] : [])));
  const rows = await database.query<{ table: string; column: string; collation: string }[]>(
    `SELECT TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\`, COLLATION_NAME AS \`collation\`
    FROM information_schema.COLUMNS
    WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME NOT LIKE '%\\_bin' ORDER BY TABLE_NAME, ORDINAL_POSITION`,
  );
  const own = rows.filter(({ table }) => tables.has(table));
  const [first] = own;
  if (!first) return undefined;
  const more = own.length > 1 ? ` and ${own.length - 1} more` : '';
  return {
    by: `${first.collation} (${first.table}.${first.column}${more})`,
    hint: 'Change the tables: ALTER TABLE … CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin, or silence this where the order of a language is wanted',
  };
}
