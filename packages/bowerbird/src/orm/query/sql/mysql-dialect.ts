import { type EntityMetadata } from 'typeorm';

import { type FieldKind } from '../../describe/entity-description.js';
import { type PortableRegex } from '../lookups/portable-regex.js';
import { type LockRequest } from '../query-state.js';
import { MysqlJson } from './json-dialect.js';
import { mysqlBegin } from './mysql-dates.js';
import { MysqlExpressions } from './mysql-expressions.js';
import { MysqlSearch } from './mysql-search.js';
import { likeParts, likePattern, SqlDialect, WAITS, type BeginUnit, type TextMatch } from './sql-dialect.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/** MySQL and MariaDB. Their collations ignore case, accents and trailing spaces, so that text is compared twice. */
export class MysqlDialect extends SqlDialect {
  readonly name = 'mysql';
  readonly expressions = new MysqlExpressions();
  readonly json = new MysqlJson();
  readonly search = new MysqlSearch();
  readonly random = 'RAND()';
  override readonly comparesRows = false;
  override readonly readsChangedTable = false;
  override readonly assignsInOrder = true;
  override readonly shiftsWithDefault = false;
  protected readonly noLimit = '18446744073709551615';

  quote(name: string): string {
    return `\`${name.replaceAll('`', '``')}\``;
  }

  placeholder(): string {
    return '?';
  }

  /** The first comparison can use an index, the second is exact. */
  equalsAny(text: Sql, values: readonly unknown[]): Sql {
    const bytes = join(
      values.map((value) => sql`CAST(${bind(value)} AS BINARY)`),
      ', ',
    );
    return sql`(${this.equalsList(text, values)} AND CAST(CONVERT(${text} USING utf8mb4) AS BINARY) IN (${bytes}))`;
  }

  matches(text: Sql, value: string | Sql, { position, ignoreCase }: TextMatch): Sql {
    const unicode = sql`CONVERT(${text} USING utf8mb4)`;
    const pattern =
      typeof value === 'string'
        ? bind(likePattern(value, position, '!'))
        : sql`CONCAT(${join(likeParts(sql`CONVERT(${value} USING utf8mb4)`, position, '!'), ', ')})`;
    return ignoreCase
      ? sql`LOWER(${unicode}) COLLATE utf8mb4_bin LIKE LOWER(${pattern}) ESCAPE '!'`
      : sql`${unicode} COLLATE utf8mb4_bin LIKE ${pattern} ESCAPE '!'`;
  }

  regex(text: Sql, pattern: PortableRegex, ignoreCase: boolean): Sql {
    const unicode = sql`CONVERT(${text} USING utf8mb4) COLLATE utf8mb4_bin`;
    return sql`${unicode} REGEXP ${bind(ignoreCase ? `(?i)${pattern.mysql}` : pattern.mysql)}`;
  }

  begin(unit: BeginUnit, value: Sql): Sql {
    return mysqlBegin(unit, value);
  }

  readPlan(rows: readonly Readonly<Record<string, unknown>>[]): string {
    return rows.map((row) => String(row.EXPLAIN ?? row.ANALYZE)).join('\n');
  }

  orderTerm(value: Sql, descending: boolean, nullable: boolean, nullsAfter: boolean): Sql {
    const term = sql`${value}${raw(descending ? ' DESC' : '')}`;
    return nullable ? sql`${value} IS NULL${raw(nullsAfter ? '' : ' DESC')}, ${term}` : term;
  }

  /** A quoted number would be compared as a double, which is inexact from 17 digits on. */
  override bound(value: unknown, kind: FieldKind): Sql {
    return kind === 'decimal' ? sql`CAST(${bind(value)} AS DECIMAL(65, 30))` : bind(value);
  }

  /** A cast would have a collation of its own, which may not be that of the column beside it. */
  override keyText(value: Sql, kind: FieldKind): Sql {
    return kind === 'uuid' ? value : sql`CONCAT(${value}, '')`;
  }

  override asText(value: Sql): Sql {
    return sql`CAST(${value} AS CHAR)`;
  }

  exact(value: Sql, kind: FieldKind): Sql {
    if (kind === 'datetime' || kind === 'date' || kind === 'time') return sql`CAST(${value} AS CHAR)`;
    if (kind === 'binary') return sql`HEX(${value})`;
    return kind === 'float' ? sql`(${value} + 0E0)` : value;
  }

  override exactBound(value: unknown, kind: FieldKind): Sql {
    return kind === 'datetime' ? sql`CAST(${bind(value)} AS DATETIME(6))` : bind(value);
  }

  override tableSize({ database, tableName }: EntityMetadata): Sql {
    const schema = database ? bind(database) : raw('DATABASE()');
    return sql`SELECT table_rows AS n FROM information_schema.tables WHERE table_schema = ${schema} AND table_name = ${bind(tableName)}`;
  }

  override deleteFrom(table: Sql, alias: string): Sql {
    return sql`DELETE ${raw(alias)} FROM ${table} AS ${raw(alias)}`;
  }

  /** MariaDB locks the rows of every table of the statement, also against references to them. */
  lock(_aliases: readonly string[], { wait }: LockRequest): Sql {
    return raw(` FOR UPDATE${WAITS[wait]}`);
  }

  now(precision: number): Sql {
    return raw(`CURRENT_TIMESTAMP(${precision})`);
  }
}
