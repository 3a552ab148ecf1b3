import { describe, expect, it } from 'vitest';

import { parseTableSql } from './table-sql.js';

describe('parseTableSql', () => {
  it('is not misled by text, comments, quotes and parentheses', () => {
    const table = parseTableSql(`CREATE TABLE "odd ( name" (
      id INTEGER PRIMARY KEY, -- CHECK (in a comment)
      [a,b] varchar(10) DEFAULT 'CHECK (x), ''UNIQUE''' COLLATE "NOCASE" UNIQUE,
      \`c\` int CONSTRAINT "c > 0" CHECK (c > 0 /* ) */ AND ([a,b] <> ')')) CHECK (c < 9),
      d text AS (lower([a,b])) STORED REFERENCES other ON DELETE CASCADE NOT DEFERRABLE,
      CONSTRAINT pair UNIQUE ("a" COLLATE NOCASE DESC, \`c\`),
      FOREIGN KEY (c, "d") REFERENCES other (x, y) DEFERRABLE INITIALLY DEFERRED
    )`);
    expect(table.checks).toEqual([
      { name: 'c > 0', expression: "c > 0 /* ) */ AND ([a,b] <> ')')" },
      { name: '', expression: 'c < 9' },
    ]);
    expect(table.uniques).toEqual([
      { name: '', columns: ['a,b'] },
      { name: 'pair', columns: ['a', 'c'] },
    ]);
    expect(table.foreignKeys).toEqual([
      { name: '', columns: ['d'], deferrable: false },
      { name: '', columns: ['c', 'd'], deferrable: 'deferred' },
    ]);
    expect([...table.expressions]).toEqual([['d', 'lower([a,b])']]);
    expect([...table.collations]).toEqual([['a,b', 'NOCASE']]);
  });

  it('says nothing of what it cannot read', () => {
    expect(parseTableSql('')).toMatchObject({ checks: [], uniques: [], foreignKeys: [], primaryKey: '' });
  });
});
