import { type EntityMetadata } from 'typeorm';

import { type FieldKind } from '../../describe/entity-description.js';
import { type PortableRegex } from '../lookups/portable-regex.js';
import { type LockRequest } from '../query-state.js';
import { PostgresJson } from './json-dialect.js';
import { PostgresExpressions } from './postgres-expressions.js';
import { PostgresSearch } from './postgres-search.js';
import { likeParts, likePattern, SqlDialect, WAITS, type BeginUnit, type TextMatch } from './sql-dialect.js';
import { bind, join, raw, sql, type Sql } from './sql.js';

/** PostgreSQL. Its text comparisons already regard case; LIKE's escape is the backslash. */
export class PostgresDialect extends SqlDialect {
  readonly name = 'postgres';
  readonly expressions = new PostgresExpressions();
  readonly json = new PostgresJson();
  readonly search = new PostgresSearch();
  readonly random = 'RANDOM()';
  override readonly numbersParameters = true;
  protected readonly noLimit = 'ALL';

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
  }

  placeholder(index: number): string {
    return `$${index}`;
  }

  equalsAny(text: Sql, values: readonly unknown[]): Sql {
    return this.equalsList(text, values);
  }

  matches(text: Sql, value: string | Sql, { position, ignoreCase }: TextMatch): Sql {
    const operator = raw(ignoreCase ? 'ILIKE' : 'LIKE');
    if (typeof value === 'string') return sql`${text} ${operator} ${bind(likePattern(value, position, '\\'))}`;
    return sql`${text} ${operator} (${join(likeParts(sql`(${value})::text`, position, '\\'), ' || ')})`;
  }

  regex(text: Sql, pattern: PortableRegex, ignoreCase: boolean): Sql {
    return sql`${text} ${raw(ignoreCase ? '~*' : '~')} ${bind(pattern.postgres)}`;
  }

  begin(unit: BeginUnit, clock: Sql): Sql {
    return sql`to_char(date_trunc('${raw(unit)}', (${clock})::timestamp), 'YYYY-MM-DD HH24:MI:SS')`;
  }

  readPlan(rows: readonly Readonly<Record<string, unknown>>[]): string {
    const plans = rows.map((row) => row['QUERY PLAN']);
    return plans.map((plan) => (typeof plan === 'string' ? plan : JSON.stringify(plan, null, 2))).join('\n');
  }

  /** Nulls are the greatest values without being told so. */
  orderTerm(value: Sql, descending: boolean, nullable: boolean, nullsAfter: boolean): Sql {
    const term = descending ? sql`${value} DESC` : value;
    if (!nullable || nullsAfter !== descending) return term;
    return sql`${term}${raw(nullsAfter ? ' NULLS LAST' : ' NULLS FIRST')}`;
  }

  exact(value: Sql, kind: FieldKind): Sql {
    if (kind === 'binary') return sql`encode(${value}, 'hex')`;
    return kind === 'datetime' || kind === 'date' || kind === 'time' ? sql`(${value})::text` : value;
  }

  override tableSize({ schema, tableName }: EntityMetadata): Sql {
    const name = schema ? `${this.quote(schema)}.${this.quote(tableName)}` : this.quote(tableName);
    return sql`SELECT reltuples AS n FROM pg_class WHERE oid = to_regclass(${bind(name)})`;
  }

  lock(aliases: readonly string[], { wait, noKey }: LockRequest): Sql {
    return raw(` FOR ${noKey ? 'NO KEY ' : ''}UPDATE OF ${aliases.join(', ')}${WAITS[wait]}`);
  }

  now(_precision: number): Sql {
    return raw('CURRENT_TIMESTAMP');
  }
}
