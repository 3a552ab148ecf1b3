import { expect, it } from 'vitest';

import { relativeTime } from './relative-time.js';

const NOW = new Date('2026-03-10T12:00:00Z');

it.each([
  ['2026-03-10T11:59:30Z', 'now'],
  ['2026-03-10T12:00:30Z', 'now'],
  ['2026-03-10T11:58:01Z', '1 minute ago'],
  ['2026-03-10T09:00:00Z', '3 hours ago'],
  ['2026-03-09T10:00:00Z', 'yesterday'],
  ['2026-01-01T00:00:00Z', '2 months ago'],
  ['2023-03-01T00:00:00Z', '3 years ago'],
])('says how long ago %s is', (moment, text) => {
  expect(relativeTime(new Date(moment), NOW, 'en')).toBe(text);
});
