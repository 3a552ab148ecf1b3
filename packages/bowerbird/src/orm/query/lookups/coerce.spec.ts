import { describe, expect, it } from 'vitest';

import { type FieldKind } from '../../describe/entity-description.js';
import { coerce } from './coerce.js';

const fitting: readonly [kind: FieldKind, given: unknown, bound: unknown][] = [
  ['string', 'x', 'x'],
  ['string', 5, '5'],
  ['integer', ' 12 ', 12],
  ['integer', 12n, 12],
  ['bigint', 9_007_199_254_740_993n, '9007199254740993'],
  ['bigint', '+0009', '9'],
  ['bigint', '-9223372036854775808', '-9223372036854775808'],
  ['float', '1e3', 1000],
  ['float', '.5', 0.5],
  ['decimal', 1.5, '1.5'],
  ['decimal', '-0012.50', '-0012.50'],
  ['decimal', 1.5e-7, '0.00000015'],
  ['decimal', -1e21, '-1000000000000000000000'],
  ['boolean', 'false', false],
  ['boolean', 1, true],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', new Date('2024-02-29T23:00:00Z'), '2024-02-29'],
  ['time', '23:59', '23:59:00'],
  ['time', '00:00:00.125', '00:00:00.125'],
  ['datetime', '2024-02-29', new Date('2024-02-29T00:00:00Z')],
  ['datetime', '2024-02-29 10:30:15.123456+00', new Date('2024-02-29T10:30:15.123Z')],
  ['datetime', '2024-02-29T10:30:15+02:00', new Date('2024-02-29T08:30:15Z')],
  ['uuid', 'D41D8CD98F00B204E9800998ECF8427E', 'd41d8cd9-8f00-b204-e980-0998ecf8427e'],
];

const unfit: readonly [kind: FieldKind, given: unknown][] = [
  ['string', 'a\0'],
  ['string', '\ud800'],
  ['string', {}],
  ['string', true],
  ['integer', ''],
  ['integer', '1.0'],
  ['integer', 2 ** 53],
  ['integer', true],
  ['bigint', '9223372036854775808'],
  ['bigint', 2 ** 53],
  ['bigint', '0x10'],
  ['float', 'NaN'],
  ['float', Infinity],
  ['float', '1e999'],
  ['decimal', '1e5'],
  ['decimal', '.'],
  ['decimal', Number.NaN],
  ['decimal', 1e100],
  ['boolean', 'yes'],
  ['boolean', 2],
  ['date', '2023-02-29'],
  ['date', '2024-1-1'],
  ['date', '0000-01-01'],
  ['time', '24:00'],
  ['datetime', '2024-02-30T10:00:00Z'],
  ['datetime', '2024-02-29T25:00:00Z'],
  ['datetime', '10000-01-01'],
  ['datetime', new Date(Number.NaN)],
  ['datetime', 1_700_000_000_000],
  ['uuid', 'd41d8cd9'],
  ['json', {}],
  ['binary', 'x'],
];

describe('a value in a query', () => {
  it.each(fitting)('as %s: %o is bound as %o', (kind, given, bound) => {
    expect(coerce(kind, given)).toEqual(bound);
  });

  it.each(unfit)('as %s: %o does not fit', (kind, given) => {
    expect(coerce(kind, given)).toBeUndefined();
  });
});
