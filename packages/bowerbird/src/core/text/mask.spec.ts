import { describe, expect, it } from 'vitest';

import { maskUrl, urlPassword } from './mask.js';

describe('a masked address', () => {
  it.each([
    ['postgres://app:hunter2@db/x', 'postgres://app:********@db/x'],
    ['postgres://app:p@ss@db/x', 'postgres://app:********@db/x'],
    ['postgres://app:p:w@s@db:5432/x?a=b@c', 'postgres://app:********@db:5432/x?a=b@c'],
    ['postgres://app:p/s?s#s@db/x', 'postgres://app:********@db/x'],
    ['postgres://app:p ss@db/x', 'postgres://app:********@db/x'],
    ["postgres://app:p'ss@db/x", 'postgres://app:********@db/x'],
    ['redis://:hunter2@cache', 'redis://:********@cache'],
    ['cannot use mysql://a:b@c/d here', 'cannot use mysql://a:********@c/d here'],
    ['https://x.test/?token=abc&page=2', 'https://x.test/?token=********&page=2'],
    ['host=db user=app password=hunter2', 'host=db user=app password=********'],
  ])('hides what is secret in %s', (url, shown) => {
    expect(maskUrl(url)).toBe(shown);
  });

  it.each([
    'sqlite:data/db.sqlite3',
    'http://localhost:8000/a@b',
    'http://[::1]:8000/a@b',
    'https://example.com/?q=a@b',
    'mail me at a@b.test',
  ])('leaves %s alone', (text) => {
    expect(maskUrl(text)).toBe(text);
  });

  it('gives the password as it is written', () => {
    expect(urlPassword('postgres://app:p@s%20s@db/x')).toBe('p@s%20s');
    expect(urlPassword('sqlite:db')).toBeUndefined();
  });
});
