import { describe, expect, it } from 'vitest';

import { type EntityDescription, type FieldDescription, type WriteEvent } from '#orm';

import { changesOf } from './audit-changes.js';
import { auditKey } from './audit-key.js';
import { readableValue, REDACTED } from './readable-value.js';
import { sameValue } from './same-value.js';

const FIELDS: Readonly<Record<string, Partial<FieldDescription>>> = {
  name: { kind: 'string' },
  price: { kind: 'decimal' },
  since: { kind: 'datetime' },
  password: { kind: 'string', format: 'password' },
  pin: { kind: 'string', sensitive: true },
  apiToken: { kind: 'string' },
  isPrivate: { kind: 'boolean' },
  updatedAt: { kind: 'datetime', generated: 'updated' },
  version: { kind: 'integer', generated: 'version' },
};
const description = {
  field: (path: string) => FIELDS[path],
  relation: () => undefined,
} as unknown as EntityDescription;
const event = (parts: Partial<WriteEvent>): WriteEvent => ({
  kind: 'update',
  description,
  key: '1',
  text: 'Row',
  ...parts,
});

describe('changes', () => {
  it('name only the fields that differ', () => {
    const before = { name: 'Old', price: '1.50', since: new Date(0) };
    const after = { name: 'New', price: '1.50', since: new Date(0) };
    expect(changesOf(event({ before, after }))).toEqual({ name: { before: 'Old', after: 'New' } });
  });

  it('have no before for additions and no after for deletions', () => {
    expect(changesOf(event({ kind: 'insert', after: { name: 'New', price: null } }))).toEqual({
      name: { after: 'New' },
    });
    expect(changesOf(event({ kind: 'delete', before: { name: 'Old' } }))).toEqual({ name: { before: 'Old' } });
  });

  it('hide secrets and still say that they changed', () => {
    const before = { password: 'a', pin: '1', apiToken: null, isPrivate: false };
    const after = { password: 'b', pin: '1', apiToken: 'x', isPrivate: true };
    expect(changesOf(event({ before, after }))).toEqual({
      password: { before: REDACTED, after: REDACTED },
      apiToken: { before: null, after: REDACTED },
      isPrivate: { before: false, after: true },
    });
  });

  it('leave out what changes with every write', () => {
    const before = { updatedAt: new Date(0), version: 1 };
    expect(changesOf(event({ before, after: { updatedAt: new Date(1), version: 2 } }))).toEqual({});
  });

  it('name the keys that were linked and unlinked', () => {
    const relation = { path: 'tags', added: ['3'], removed: [{ b: '2', a: '1' }] };
    expect(changesOf(event({ kind: 'related', relation }))).toEqual({
      tags: { added: ['3'], removed: ['[["a","1"],["b","2"]]'] },
    });
  });
});

describe('readable values', () => {
  it.each([
    [new Date('2026-01-02T03:04:05.006Z'), '2026-01-02T03:04:05.006Z'],
    [9007199254740993n, '9007199254740993'],
    [Buffer.from('abc'), '3 bytes'],
    [undefined, null],
    [Number.NaN, 'NaN'],
    [{ a: [new Date(0)] }, { a: ['1970-01-01T00:00:00.000Z'] }],
    [new Set(['a', 'b']), ['a', 'b']],
    [
      { password: 'x', deep: [{ secret: { in: 1 }, apiKey: 7 }], token: null, isPrivate: true },
      { password: REDACTED, deep: [{ secret: REDACTED, apiKey: REDACTED }], token: null, isPrivate: true },
    ],
    ['x'.repeat(10_001), `${'x'.repeat(10_000)}…`],
  ])('turn %s into %j', (value, readable) => expect(readableValue(value)).toEqual(readable));

  it('end where a value contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(JSON.stringify(readableValue(loop))).toContain('…');
  });
});

describe('values are the same', () => {
  const moment = new Date('2026-01-02T03:04:05.006Z');
  it.each([
    [undefined, null],
    [moment, new Date(moment)],
    [{ at: moment }, { at: moment.toISOString() }],
    [9n, '9'],
    [Number.NaN, Number.NaN],
    [0, -0],
    [Buffer.from('abc'), new Uint8Array([97, 98, 99])],
    [
      { a: 1, b: [null], c: undefined },
      { b: [undefined], a: 1 },
    ],
    [new Set([1]), [1]],
    [new URL('https://a.b/'), 'https://a.b/'],
  ])('in other words, %#', (left, right) => {
    expect(sameValue(left, right)).toBe(true);
    expect(sameValue(right, left)).toBe(true);
  });

  it.each([
    ['', null],
    [0, false],
    [1, '1'],
    [`${'x'.repeat(10_000)}1`, `${'x'.repeat(10_000)}2`],
    [Buffer.from('abc'), Buffer.from('abd')],
    [Buffer.from('abc'), 'abc'],
    [
      [1, 2],
      [2, 1],
    ],
    [[], {}],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: null }],
  ])('not %#', (left, right) => {
    expect(sameValue(left, right)).toBe(false);
    expect(sameValue(right, left)).toBe(false);
  });
});

describe('the key of a row', () => {
  it('is short enough for its column', () => {
    expect(auditKey('7')).toBe('7');
    expect(auditKey('x'.repeat(300))).toMatch(/^sha256:.{43}$/);
  });
});
