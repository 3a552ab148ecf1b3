import { describe, expect, it } from 'vitest';

import { defused } from './formula-cell.js';

describe('a cell', () => {
  it.each(['=1+1', '+1+1', '-2+cmd|"/c calc"!A0', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '-', '+1 2'])(
    'that a spreadsheet would run is defused: %j',
    (text) => {
      expect(defused(text)).toBe(`'${text}`);
    },
  );

  it.each(['', '-1', '+1.50', '-1.5e+10', 'a=1', "'=1", '1-1', 'é'])('stays as it is otherwise: %j', (text) => {
    expect(defused(text)).toBe(text);
  });
});
