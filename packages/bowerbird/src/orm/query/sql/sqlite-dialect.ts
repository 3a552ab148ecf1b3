import { type FieldKind } from '../../describe/entity-description.js';
import { inCase } from '../../drivers/letter-case.js';
import { SQLITE_FUNCTIONS } from '../../drivers/sqlite-functions.js';
import { type PortableRegex } from '../lookups/portable-regex.js';
import { likePattern, SqlDialect, type BeginUnit, type TextMatch } from './sql-dialect.js';
import { bind, NOTHING, raw, sql, type Sql } from './sql.js';
import { sqliteBegin } from './sqlite-dates.js';
import { SqliteExpressions } from './sqlite-expressions.js';
import { SqliteJson } from './sqlite-json.js';
import { SqliteSearch } from './sqlite-search.js';

/** SQLite refuses longer patterns (SQLITE_MAX_LIKE_PATTERN_LENGTH), in bytes. */
const LONGEST_PATTERN = 10_000;

/** A line of a query plan; `parent` is the id of the line above it, or 0. */
interface PlanLine {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}

/** SQLite. Equality regards case, LIKE does not and knows the case of ASCII only. */
export class SqliteDialect extends SqlDialect {
  readonly name = 'sqlite';
  readonly expressions = new SqliteExpressions();
  readonly json = new SqliteJson();
  readonly search = new SqliteSearch();
  readonly random = 'RANDOM()';
  protected readonly noLimit = '-1';

  quote(name: string): string {
    return `"${name.replaceAll('"', '""')}"`;
  }

  placeholder(): string {
    return '?';
  }

  equalsAny(text: Sql, values: readonly unknown[]): Sql {
    return this.equalsList(text, values);
  }

  matches(text: Sql, value: string | Sql, { position, ignoreCase }: TextMatch): Sql {
    if (typeof value !== 'string')
      return sql`${raw(SQLITE_FUNCTIONS.matches)}(${text}, ${value}, ${raw(`'${position}'`)}, ${raw(ignoreCase ? '1' : '0')})`;
    if (!ignoreCase) return find(text, value, position);
    // oxlint-disable-next-line no-control-regex -- the range of ASCII
    if (/^[\x00-\x7f]*$/.test(value) && value.length < LONGEST_PATTERN)
      return sql`${text} LIKE ${bind(likePattern(value, position, '!'))} ESCAPE '!'`;
    return find(sql`${raw(SQLITE_FUNCTIONS.lower)}(${text})`, inCase('lower', value), position);
  }

  regex(text: Sql, pattern: PortableRegex, ignoreCase: boolean): Sql {
    return sql`${raw(SQLITE_FUNCTIONS.regex)}(${text}, ${bind(pattern.sqlite)}, ${raw(ignoreCase ? '1' : '0')})`;
  }

  begin(unit: BeginUnit, value: Sql): Sql {
    return sqliteBegin(unit, value);
  }

  readPlan(rows: readonly Readonly<Record<string, unknown>>[]): string {
    const lines = rows as unknown as readonly PlanLine[];
    const below = (parent: number, depth: number): string[] =>
      lines
        .filter((line) => line.parent === parent)
        .flatMap(({ id, detail }) => [`${'  '.repeat(depth)}${detail}`, ...below(id, depth + 1)]);
    return below(0, 0).join('\n');
  }

  orderTerm(value: Sql, descending: boolean, nullable: boolean, nullsAfter: boolean): Sql {
    if (!nullable) return descending ? sql`${value} DESC` : value;
    const nulls = raw(nullsAfter ? 'NULLS LAST' : 'NULLS FIRST');
    return sql`${value} ${raw(descending ? 'DESC' : 'ASC')} ${nulls}`;
  }

  /** The driver would make a double of it. */
  override selected(column: Sql, kind: FieldKind): Sql {
    return kind === 'bigint' ? sql`CAST(${column} AS TEXT)` : column;
  }

  exact(value: Sql, kind: FieldKind): Sql {
    return kind === 'binary' ? sql`hex(${value})` : this.selected(value, kind);
  }

  /** A transaction that writes is alone already. */
  lock(): Sql {
    return NOTHING;
  }

  now(): Sql {
    return raw(`strftime('%Y-%m-%d %H:%M:%f', 'now')`);
  }
}

function find(text: Sql, value: string, position: TextMatch['position']): Sql {
  const needle = bind(value);
  if (position === 'whole') return sql`${text} = ${needle}`;
  if (position === 'anywhere') return sql`instr(${text}, ${needle}) > 0`;
  if (position === 'start') return sql`substr(${text}, 1, length(${needle})) = ${needle}`;
  return value === '' ? sql`${text} IS NOT NULL` : sql`substr(${text}, -length(${needle})) = ${needle}`;
}
