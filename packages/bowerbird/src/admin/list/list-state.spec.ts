import { describe, expect, it } from 'vitest';

import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { addDays, choiceRange, dayIn, parseDay, startOfDay } from './date-ranges.js';
import { listAddress, parseListState, withFilter } from './list-state.js';
import { elided } from './page-links.js';

const descriptor = {
  columns: [
    { name: 'name', sortable: true },
    { name: 'a b&c', sortable: true },
    { name: 'loud', sortable: false },
  ],
  filters: [
    { name: 'state', kind: 'choices' },
    { name: 'made', kind: 'date' },
    { name: 'maker', kind: 'relation' },
  ],
} as unknown as AdminDescriptor;

describe('the address of a list', () => {
  it.each([
    '?',
    '?q=caf%C3%A9%20%22new%20york%22',
    '?state=a&state=b&made__from=2026-01-01&o=-name&o=a%20b%26c&p=3',
    '?maker=3&maker=&after=abc&count=exact&facets=1&open=maker',
  ])('reads back as it was written: %s', (address) => {
    const query: Record<string, string | string[]> = {};
    for (const [name, value] of new URLSearchParams(address)) query[name] = [...[query[name] ?? []].flat(), value];
    expect(listAddress(parseListState(descriptor, query))).toBe(address);
  });

  it('starts from the first page when a filter changes', () => {
    const state = parseListState(descriptor, { q: 'x', p: '4', state: 'a' });
    expect(listAddress(withFilter(state, 'state', ['b']))).toBe('?q=x&state=b');
    expect(listAddress(withFilter(state, 'state', []))).toBe('?q=x');
  });

  it('sorts by a column once', () => {
    expect(parseListState(descriptor, { o: ['name', '-name'] }).sort).toEqual([{ column: 'name', descending: false }]);
  });

  it.each([
    [{ name: 'x' }],
    [{ o: 'loud' }],
    [{ p: '-1' }],
    [{ p: '1e3' }],
    [{ q: 'a\0b' }],
    [{ q: 'x'.repeat(201) }],
    [{ state: Array<string>(101).fill('a') }],
    [{ after: 'x'.repeat(4001) }],
    [{ toString: '1' }],
    [{ made__range: '1' }],
  ])('is refused: %j', (query) => {
    expect(() => parseListState(descriptor, query)).toThrow(expect.objectContaining({ code: 'admin.list_address' }));
  });
});

describe('page numbers', () => {
  it.each([
    [1, 1, [1]],
    [1, 13, [1, 2, 3, null, 13]],
    [7, 13, [1, null, 5, 6, 7, 8, 9, null, 13]],
    [4, 13, [1, 2, 3, 4, 5, 6, null, 13]],
    [5, 13, [1, 2, 3, 4, 5, 6, 7, null, 13]],
    [13, 13, [1, null, 11, 12, 13]],
  ])('around page %i of %i', (current, pages, numbers) => {
    expect(elided(current, pages)).toEqual(numbers);
  });
});

describe('days', () => {
  it('are those of the calendar', () => {
    expect(parseDay('2024-02-29')).toEqual({ year: 2024, month: 2, day: 29 });
    for (const text of ['2026-02-29', '2026-13-01', '2026-1-1', '26-01-01', '2026-01-01T00:00', ''])
      expect(parseDay(text)).toBeUndefined();
    expect(addDays({ year: 2026, month: 12, day: 31 }, 1)).toEqual({ year: 2027, month: 1, day: 1 });
  });

  it('start at midnight of the time zone, also where clocks change', () => {
    const start = (text: string, zone: string) => startOfDay(parseDay(text)!, zone).toISOString();
    expect(start('2026-11-21', 'UTC')).toBe('2026-11-21T00:00:00.000Z');
    expect(start('2026-07-01', 'Europe/Berlin')).toBe('2026-06-30T22:00:00.000Z');
    expect(start('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z');
    expect(start('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z');
    expect(start('2026-11-21', 'Pacific/Kiritimati')).toBe('2026-11-20T10:00:00.000Z');
    expect(dayIn(new Date('2026-11-21T23:30:00Z'), 'Asia/Tokyo')).toEqual({ year: 2026, month: 11, day: 22 });
  });

  it('of a choice are half-open', () => {
    const today = { year: 2026, month: 12, day: 15 };
    expect(choiceRange('month', today)).toEqual({
      from: { year: 2026, month: 12, day: 1 },
      until: { year: 2027, month: 1, day: 1 },
    });
    expect(choiceRange('week', today)).toEqual({
      from: { year: 2026, month: 12, day: 9 },
      until: { year: 2026, month: 12, day: 16 },
    });
    expect(choiceRange('toString', today)).toBeUndefined();
  });
});
