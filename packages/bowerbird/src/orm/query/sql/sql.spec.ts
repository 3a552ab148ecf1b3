import { describe, expect, it } from 'vitest';

import { MysqlDialect } from './mysql-dialect.js';
import { PostgresDialect } from './postgres-dialect.js';
import { likePattern } from './sql-dialect.js';
import { bind, join, list, raw, sql } from './sql.js';
import { SqliteDialect } from './sqlite-dialect.js';

const text = (index: number): string => `$${index}`;

describe('a piece of SQL', () => {
  it('keeps values apart from text and in order', () => {
    const inner = sql`a = ${bind(1)} AND b IN ${list([2, 3])}`;
    const whole = sql`SELECT ${raw('x')} WHERE ${join([inner, sql`c = ${bind("' OR 1=1")}`], ' OR ')} LIMIT ${bind(4)}`;
    expect(whole.render(text)).toEqual({
      sql: 'SELECT x WHERE a = $1 AND b IN ($2, $3) OR c = $4 LIMIT $5',
      parameters: [1, 2, 3, "' OR 1=1", 4],
    });
  });

  it('joins nothing to nothing', () => {
    expect(join([], ', ').render(text)).toEqual({ sql: '', parameters: [] });
  });
});

describe('a dialect', () => {
  it('doubles the quotes of names', () => {
    expect(new SqliteDialect().quote('a"b')).toBe('"a""b"');
    expect(new PostgresDialect().quote('a"b')).toBe('"a""b"');
    expect(new MysqlDialect().quote('a`b')).toBe('`a``b`');
  });

  it('puts nulls behind all values when ascending and before them when descending', () => {
    const order = (dialect: SqliteDialect | PostgresDialect | MysqlDialect, descending: boolean): string =>
      dialect.orderTerm(raw('x'), descending, true, !descending).render(text).sql;
    expect([order(new SqliteDialect(), false), order(new SqliteDialect(), true)]).toEqual([
      'x ASC NULLS LAST',
      'x DESC NULLS FIRST',
    ]);
    expect([order(new PostgresDialect(), false), order(new PostgresDialect(), true)]).toEqual(['x', 'x DESC']);
    expect([order(new MysqlDialect(), false), order(new MysqlDialect(), true)]).toEqual([
      'x IS NULL, x',
      'x IS NULL DESC, x DESC',
    ]);
  });

  it('slices with or without a limit', () => {
    expect(new SqliteDialect().slice(null, 0).render(text).sql).toBe('');
    expect(new SqliteDialect().slice(null, 5).render(text).sql).toBe(' LIMIT -1 OFFSET 5');
    expect(new PostgresDialect().slice(2, 5).render(text).sql).toBe(' LIMIT 2 OFFSET 5');
    expect(() => new PostgresDialect().slice(1.5, 0)).toThrow(RangeError);
    expect(() => new PostgresDialect().slice('1; DROP' as never, 0)).toThrow(RangeError);
  });

  it('takes the meaning from the marks of LIKE', () => {
    expect(likePattern('50%_a\\b!', 'anywhere', '!')).toBe('%50!%!_a\\b!!%');
    expect(likePattern('50%_a\\b!', 'start', '\\')).toBe('50\\%\\_a\\\\b!%');
    expect(likePattern('x', 'whole', '!')).toBe('x');
    expect(likePattern('x', 'end', '!')).toBe('%x');
  });
});
