import { describe, expect, it } from 'vitest';

import { appendCookie, formatCookie, readCookie } from './cookies.js';

describe('cookies', () => {
  it('are read by their exact name', () => {
    expect(readCookie('ab=1; a=2;b="x%20y"', 'a')).toBe('2');
    expect(readCookie('ab=1; a=2;b="x%20y"', 'b')).toBe('x y');
    expect(readCookie('ab=1', 'a')).toBeUndefined();
    expect(readCookie(undefined, 'a')).toBeUndefined();
  });

  it('that are broken count as absent', () => {
    expect(readCookie('a=%E0%A4%A', 'a')).toBeUndefined();
    expect(readCookie('a', 'a')).toBeUndefined();
  });

  it('are written with an encoded value, so that nothing can be injected', () => {
    expect(formatCookie('a', 'x; Domain=evil\r\n', { secure: true, sameSite: 'lax', maxAge: 1500 })).toBe(
      'a=x%3B%20Domain%3Devil%0D%0A; Path=/; Max-Age=1; Secure; SameSite=Lax',
    );
  });

  it('replace one of the same name and keep the others', () => {
    const headers = new Map<string, string[]>([['Set-Cookie', ['a=1', 'b=2']]]);
    const response = {
      getHeader: (name: string) => headers.get(name),
      setHeader: (name: string, value: string[]) => headers.set(name, value),
    };
    appendCookie(response, 'a=3; Path=/');
    expect(headers.get('Set-Cookie')).toEqual(['b=2', 'a=3; Path=/']);
  });
});
