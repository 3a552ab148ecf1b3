import { describe, expect, it } from 'vitest';

import { quotedTable, tableNameOf, wholeName } from './table-name.js';

const NAMES = [
  'invoice',
  'Invoice',
  'a.b',
  '"a',
  'a"',
  '"',
  '.',
  '""',
  '"a"."b"',
  'a b',
  'ä',
  "o'clock",
  'a"."b',
  '$1',
];

describe('whole names of tables', () => {
  it('are read back as they were made, and no two tables have the same', () => {
    const seen = new Map<string, string>();
    for (const table of NAMES)
      for (const schema of [undefined, ...NAMES]) {
        const whole = wholeName(table, schema);
        expect(tableNameOf(whole)).toEqual(schema === undefined ? { table } : { table, schema });
        expect(seen.get(whole)).toBeUndefined();
        seen.set(whole, `${schema} ${table}`);
      }
  });

  it('read as people write them', () => {
    expect(wholeName('invoice', 'sales')).toBe('sales.invoice');
    expect(wholeName('invoice')).toBe('invoice');
  });

  it('are quoted part by part', () => {
    expect(quotedTable('postgres', wholeName('In"voice', 'Sa.les'))).toBe('"Sa.les"."In""voice"');
    expect(quotedTable('postgres', 'invoice')).toBe('"invoice"');
    expect(quotedTable('mysql', 'invoice')).toBe('`invoice`');
  });
});
