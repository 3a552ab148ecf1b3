import { describe, expect, it } from 'vitest';

import { readerOf, readerOfChoices, readerOfKind } from './filter-value.js';

describe('values of addresses', () => {
  it.each([
    ['string', 'a b', 'a b'],
    ['integer', '-7', -7],
    ['bigint', '9007199254740993', '9007199254740993'],
    ['float', '1.5e3', 1500],
    ['decimal', '10.50', '10.50'],
    ['boolean', 'false', false],
    ['date', '2024-02-29', '2024-02-29'],
    ['time', '10:30', '10:30:00'],
    ['datetime', '2024-02-29T10:00:00+02:00', new Date('2024-02-29T08:00:00Z')],
    ['uuid', '0190B0C0-0000-7000-8000-000000000000', '0190b0c0-0000-7000-8000-000000000000'],
  ] as const)('of the kind %s are read from %s', (kind, text, value) =>
    expect(readerOfKind(kind).read(text)).toEqual(value),
  );

  it.each([
    ['string', 'a\0'],
    ['text', '\ud800'],
    ['integer', '1.5'],
    ['integer', ''],
    ['integer', '0x10'],
    ['bigint', '9223372036854775808'],
    ['float', 'NaN'],
    ['float', 'Infinity'],
    ['decimal', '1e5'],
    ['boolean', 'True'],
    ['boolean', '0'],
    ['date', '2023-02-29'],
    ['date', '2023-2-1'],
    ['time', '24:00'],
    ['datetime', 'yesterday'],
    ['uuid', '1'],
  ] as const)('of the kind %s are not %s', (kind, text) => expect(readerOfKind(kind).read(text)).toBeUndefined());

  it('tell of a plus that an address made a space', () => {
    const { messageFor } = readerOfKind('datetime');
    expect(messageFor('2024-02-29T10:00:00 02:00')).toBe('Enter a valid date and time. Write "+" as "%2B".');
    expect(messageFor('soon')).toBe('Enter a valid date and time.');
  });

  it('are within the bounds of their column', () => {
    const small = readerOf({ kind: 'integer', range: [0, 255] });
    expect([small.read('255'), small.read('256'), small.read('-1')]).toEqual([255, undefined, undefined]);
    expect([small.messageFor('256'), small.messageFor('x')]).toEqual([
      'Enter a whole number from 0 to 255.',
      'Enter a whole number.',
    ]);
    expect(small.schema).toEqual({ type: 'integer', minimum: 0, maximum: 255 });
    expect(readerOf({ kind: 'integer' }).read('2147483648')).toBeUndefined();
    expect(readerOf({ kind: 'bigint', range: ['0', '9007199254740993'] }).read('9007199254740994')).toBeUndefined();
  });

  it('are choices in their own type', () => {
    const levels = readerOfChoices([{ value: 1 }, { value: 2 }]);
    expect([levels.read('2'), levels.read('3'), levels.read('toString')]).toEqual([2, undefined, undefined]);
    expect(levels.messageFor('3')).toBe('Choose one of: 1, 2.');
  });
});
