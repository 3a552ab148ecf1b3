import { describe, expect, it } from 'vitest';

import { type FieldDescription } from '#orm';
import { safeHtml } from '#templates';

import { badgeTone } from './badge-tone.js';
import { ValueFormats } from './value-formats.js';

const formats = new ValueFormats({ locale: 'en', timeZone: 'Europe/Berlin', icon: (name) => `[${name}]` });
const german = new ValueFormats({ locale: 'de', timeZone: 'UTC', icon: () => '' });

const column = (field: Partial<FieldDescription> | null, kind: 'text' | 'boolean' | 'link' | null = null) => ({
  kind,
  field: field as FieldDescription | null,
  related: null,
  empty: '–',
});
const show = (field: Partial<FieldDescription> | null, value: unknown) => formats.writerOf(column(field))(value);

describe('a value in a list', () => {
  it.each([
    [{ kind: 'integer' as const }, 1234567, '1,234,567'],
    [{ kind: 'integer' as const }, -1234567, '-1,234,567'],
    [{ kind: 'integer' as const }, 999, '999'],
    [{ kind: 'integer' as const }, -1000, '-1,000'],
    [{ kind: 'bigint' as const }, '9007199254740993', '9,007,199,254,740,993'],
    [{ kind: 'decimal' as const, scale: 2 }, '1234.5', '1,234.50'],
    [{ kind: 'decimal' as const, scale: 2 }, 12.5, '12.50'],
    [{ kind: 'decimal' as const, scale: 4 }, '12345678901234567890.1234', '12,345,678,901,234,567,890.1234'],
    [{ kind: 'float' as const }, 0.1, '0.1'],
    [{ kind: 'date' as const }, '2026-11-21', 'Nov 21, 2026'],
    [{ kind: 'datetime' as const }, new Date('2026-11-21T23:30:00Z'), 'Nov 22, 2026, 12:30 AM'],
    [{ kind: 'time' as const }, '08:15:00', '08:15:00'],
    [{ kind: 'string' as const }, '<b>&"', '&lt;b&gt;&amp;&quot;'],
    [{ kind: 'string' as const }, '   ', '<span class="bb-empty">–</span>'],
    [{ kind: 'json' as const }, { a: '<' }, '<code>{&quot;a&quot;:&quot;&lt;&quot;}</code>'],
    [{ kind: 'string' as const, format: 'password' as const }, 'secret', '••••••••'],
    [{ kind: 'string' as const, format: 'email' as const }, 'a@b.c', '<a href="mailto:a@b.c">a@b.c</a>'],
    [{ kind: 'string' as const, format: 'email' as const }, 'a@b.c?bcc=x', 'a@b.c?bcc=x'],
    [{ kind: 'string' as const, format: 'color' as const }, 'red" onload="x', 'red&quot; onload=&quot;x'],
    [{ kind: 'binary' as const }, new Uint8Array(2048), '2,048 bytes'],
  ])('of %j: %j', (field, value, html) => {
    expect(show(field, value).replaceAll('\u202f', ' ')).toBe(html);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    ' https://example.com',
    'data:text/html,x',
    '//example.com',
    'https://exa mple.com',
    'http://',
  ])('that is no address of the web is no link: %s', (value) => {
    expect(show({ kind: 'string', format: 'url' }, value)).not.toContain('<a');
  });

  it('that is an address of the web is a link that gives nothing away', () => {
    expect(show({ kind: 'string', format: 'url' }, 'https://example.com/?a=1&b="')).toBe(
      '<a href="https://example.com/?a=1&amp;b=&quot;" rel="noopener noreferrer" target="_blank">example.com/?a=1&amp;b=&quot;</a>',
    );
  });

  it('that is true, false or unknown is an icon with text', () => {
    expect(show({ kind: 'boolean' }, true)).toContain('[check]<span class="bb-hidden">Yes</span>');
    expect(show({ kind: 'boolean' }, false)).toContain('No');
    expect(show({ kind: 'boolean' }, null)).toContain('Unknown');
  });

  it('with choices is the label of its choice', () => {
    const choices = [{ value: 'p', label: 'P & Q' }];
    expect(show({ kind: 'string', choices }, 'p')).toMatch(/^<span class="bb-badge-\w+">P &amp; Q<\/span>$/);
    expect(show({ kind: 'string', choices }, '<x>')).toBe('&lt;x&gt;');
  });

  it('that was computed is shown by its type', () => {
    expect(show(null, 1234.5)).toBe('1,234.5');
    expect(show(null, true)).toContain('Yes');
    expect(show(null, ['a', '<b>'])).toBe('a, &lt;b&gt;');
    expect(show(null, safeHtml('<b>x</b>'))).toBe('<b>x</b>');
    expect(show(null, '<b>x</b>')).toBe('&lt;b&gt;x&lt;/b&gt;');
    expect(show(null, [])).toContain('–');
  });

  it('is written in the language of the reader', () => {
    expect(german.writerOf(column({ kind: 'decimal', scale: 2 }))('1234.5')).toBe('1.234,50');
    for (const locale of ['en', 'de', 'fr', 'hi', 'ar-EG', 'es', 'pl', 'de-CH'])
      for (const value of [7, 1234, 12_345, 1_234_567, -98_765_432_100])
        expect(
          new ValueFormats({ locale, timeZone: 'UTC', icon: () => '' }).writerOf(column({ kind: 'integer' }))(value),
        ).toBe(new Intl.NumberFormat(locale).format(value));
    expect(german.writerOf(column({ kind: 'date' }))('2026-11-21')).toBe('21.11.2026');
  });

  it('that is long is cut, but not in the middle of a character', () => {
    const cut = show({ kind: 'text' }, `${'x'.repeat(159)}🙂${'y'.repeat(500)}`);
    expect(cut).toBe(`${'x'.repeat(159)}…`);
  });
});

describe('the color of a badge', () => {
  it('has the meaning of the word, and is always the same otherwise', () => {
    expect([badgeTone('published'), badgeTone('draft'), badgeTone('spam'), badgeTone('pending')]).toEqual([
      'green',
      'gray',
      'red',
      'amber',
    ]);
    expect(badgeTone('europe')).toBe(badgeTone('europe'));
  });
});
