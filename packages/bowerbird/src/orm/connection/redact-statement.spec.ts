import { describe, expect, it } from 'vitest';

import { redactStatement } from './redact-statement.js';

const SECRET = 'hunter2';

describe('a redacted statement', () => {
  it.each([
    ['sqlite', `SELECT "a" FROM "t" WHERE b = 'it''s' AND c > 12.5`, 'SELECT "a" FROM "t" WHERE b = ? AND c > ?'],
    ['sqlite', 'SELECT "t1"."c2" FROM "t1" LIMIT 20', 'SELECT "t1"."c2" FROM "t1" LIMIT ?'],
    ['postgres', 'SELECT 1 WHERE a IN ($1, $2, $3) AND b = $4', 'SELECT ? WHERE a IN (?, …) AND b = ?'],
    ['postgres', `SELECT E'a\\'b', $x$ it's $x$, 'c:\\'`, 'SELECT ?, …'],
    ['mysql', 'SELECT `a"b` FROM t WHERE x = "y\\"z" -- note', 'SELECT `a"b` FROM t WHERE x = ?'],
    ['mysql', 'INSERT INTO t VALUES (1, 2), (3, 4), (5, 6)', 'INSERT INTO t VALUES (?, …), …'],
  ] as const)('of %s keeps names and loses values: %s', (dialect, sql, expected) => {
    expect(redactStatement(sql, dialect)).toBe(expected);
  });

  it.each([
    ['postgres', `SELECT 'a\\' || '${SECRET}'`],
    ['postgres', `SELECT U&'${SECRET}', B'1', X'${SECRET}'`],
    ['mysql', `SELECT 'a\\'${SECRET}', 0x68`],
    ['mysql', `SELECT 'a' /* ${SECRET} */`],
    ['sqlite', `SELECT x'${SECRET}' -- ${SECRET}`],
    ['sqlite', `SELECT '${SECRET}`],
  ] as const)('of %s shows no part of a value: %s', (dialect, sql) => {
    expect(redactStatement(sql, dialect)).not.toContain(SECRET);
  });
});
