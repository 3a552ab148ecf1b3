import { types } from 'pg';
import { describe, expect, it } from 'vitest';

import { valueParsers } from './postgres-values.js';

const TIMESTAMPTZ = 1184;
const DAY = 1082;
const own = valueParsers(types).getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;
const library = types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;

describe('moments as PostgreSQL sends them', () => {
  it.each([
    '2026-11-21 17:30:15+00',
    '2026-11-21 17:30:15.2+00',
    '2026-11-21 17:30:15.25+00',
    '2026-11-21 17:30:15.250999+00',
    '2024-02-29 23:59:59.999+00',
    '1969-12-31 23:59:59.5+00',
    '2026-11-21 17:30:15+01',
    '2026-01-01 00:30:15.125+05',
    '2026-12-31 23:30:15.5-08',
    '2026-11-21 17:30:15+05:30',
    '2026-11-21 17:30:15.5-03:30',
    '1890-01-01 00:00:00+00:53:28',
    '0099-02-03 04:05:06+00',
    '0100-01-01 00:00:00+00',
    '12026-11-21 17:30:15+00',
    '0044-03-15 12:00:00+00 BC',
    'infinity',
    '-infinity',
  ])('are what the library makes of "%s"', (text) => {
    expect(own(text)).toEqual(library(text));
  });

  it('have every thousandth', () => {
    for (let thousandth = 0; thousandth < 1_000; thousandth += 1) {
      const digits = String(thousandth).padStart(3, '0');
      expect((own(`2026-11-21 17:30:15.${digits}+00`) as Date).toISOString()).toBe(`2026-11-21T17:30:15.${digits}Z`);
    }
  });
});

describe('days as PostgreSQL sends them', () => {
  it('stay what they are, apart from time zones', () => {
    const parse = valueParsers(types).getTypeParser(DAY) as (text: string) => unknown;
    expect(['2024-02-29', 'infinity', '0044-03-15 BC'].map((text) => parse(text))).toEqual([
      '2024-02-29',
      'infinity',
      '0044-03-15 BC',
    ]);
  });
});
