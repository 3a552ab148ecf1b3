import { describe, expect, it } from 'vitest';

import { addressWith, linkHeader } from './page-address.js';

const at = (originalUrl: string) => ({ protocol: 'https', host: 'example.org:8443', originalUrl });

describe('addresses of pages', () => {
  it('keep all other parameters', () => {
    expect(addressWith(at('/api/posts?a=1&a=2&page=3&q=%26%20x'), { page: 4 })).toBe(
      'https://example.org:8443/api/posts?a=1&a=2&q=%26+x&page=4',
    );
    expect(addressWith(at('/api/posts?page=3&page=4'), { page: null })).toBe('https://example.org:8443/api/posts');
  });

  it('stay on their host', () => {
    for (const url of [
      '//elsewhere.org/a',
      '/\\elsewhere.org',
      '/@elsewhere.org',
      '/..//elsewhere.org?x=http://elsewhere.org',
    ])
      expect(new URL(addressWith(at(url), { page: 2 })).host).toBe('example.org:8443');
  });

  it('are listed in a header in their order', () => {
    expect(linkHeader({ last: 'https://a/9', next: 'https://a/2' })).toBe(
      '<https://a/2>; rel="next", <https://a/9>; rel="last"',
    );
    expect(linkHeader({})).toBeUndefined();
  });
});
