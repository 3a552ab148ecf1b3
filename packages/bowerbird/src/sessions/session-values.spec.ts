import { describe, expect, it } from 'vitest';

import { assertJson, assertKey, mergeValues } from './session-values.js';
import { SessionKeyError, SessionValueError } from './sessions.errors.js';

class Money {
  amount = 1;
}

describe('session values', () => {
  it.each([['text'], [''], [0], [-1.5], [true], [null], [[]], [{}], [{ a: [{ b: null }] }], ['🦜']])(
    'may be %j',
    (value) => expect(() => assertJson(value, 'key')).not.toThrow(),
  );

  it.each([
    [undefined, 'undefined'],
    [new Date(0), 'an object of Date'],
    [new Map(), 'an object of Map'],
    [new Money(), 'an object of Money'],
    [Number.NaN, 'the number NaN'],
    [Infinity, 'the number Infinity'],
    [1n, 'a bigint'],
    [() => 1, 'a function'],
    [Symbol('x'), 'a symbol'],
  ])('may not be %s', (value, found) => {
    expect(() => assertJson(value, 'key')).toThrow(SessionValueError);
    expect(() => assertJson(value, 'key')).toThrow(`"key" is ${found}`);
  });

  it('are named with their whole path when they are wrong', () => {
    expect(() => assertJson({ items: [{ at: new Date(0) }] }, 'cart')).toThrow('"cart.items.0.at"');
  });

  it.each([['cookie'], ['id'], ['req'], ['save'], ['__proto__'], ['constructor'], ['toString']])(
    'may not be called %s',
    (key) => expect(() => assertKey(key)).toThrow(SessionKeyError),
  );
});

describe('merging sessions', () => {
  it('keeps what both sides changed', () => {
    expect(JSON.parse(mergeValues('{"a":1,"b":1,"c":1}', '{"a":2,"c":1,"d":4}', '{"a":1,"b":1,"c":3}'))).toEqual({
      a: 2,
      c: 3,
      d: 4,
    });
  });

  it('lets the later one win where both changed the same key', () => {
    expect(mergeValues('{"a":1}', '{"a":2}', '{"a":3}')).toBe('{"a":2}');
  });
});
