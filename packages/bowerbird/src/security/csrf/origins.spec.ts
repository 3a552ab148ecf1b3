import { describe, expect, it } from 'vitest';

import { type HttpRequest } from '#http';

import { isTrustedOriginPattern, originProblem, TrustedOrigins } from './origins.js';

const trusted = new TrustedOrigins([
  'https://shop.example.com',
  'https://*.trusted.test',
  'https://*.port.test:8443',
  'https://default.test:443',
]);

function request(headers: Record<string, string>, host = 'example.com', protocol = 'https'): HttpRequest {
  return { host, protocol, secure: protocol === 'https', get: (name: string) => headers[name] } as never;
}

const problem = (headers: Record<string, string>, host?: string, protocol?: string) =>
  originProblem(request(headers, host, protocol), trusted);

describe('the origin of a request', () => {
  it.each([
    ['its own', { origin: 'https://example.com' }],
    ['its own with the port of the scheme', { origin: 'https://example.com:443' }],
    ['its own in capitals', { origin: 'HTTPS://EXAMPLE.COM' }],
    ['trusted exactly', { origin: 'https://shop.example.com', 'sec-fetch-site': 'same-site' }],
    ['trusted with the port of the scheme', { origin: 'https://default.test', 'sec-fetch-site': 'cross-site' }],
    ['trusted by a wildcard', { origin: 'https://a.b.trusted.test', 'sec-fetch-site': 'cross-site' }],
    ['trusted by a wildcard with a port', { origin: 'https://a.port.test:8443' }],
    ['vouched for by the browser', { 'sec-fetch-site': 'same-origin' }],
    ['shown by the referer', { referer: 'https://example.com/form?x=1' }],
    ['trusted, shown by the referer', { referer: 'https://a.trusted.test/form' }],
  ])('passes when it is %s', (_case, headers) => expect(problem(headers)).toBeNull());

  it.each([
    ['cross-site', { 'sec-fetch-site': 'cross-site' }],
    ['cross-site', { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' }],
    ['cross-site', { 'sec-fetch-site': 'nonsense' }],
    ['cross-site', { 'sec-fetch-site': 'cross-site', origin: 'https://example.com' }],
    ['null-origin', { origin: 'null' }],
    ['null-origin', { origin: 'null', 'sec-fetch-site': 'same-origin' }],
    ['malformed-origin', { origin: 'nonsense' }],
    ['malformed-origin', { origin: '' }],
    ['malformed-origin', { origin: 'https://example.com/path' }],
    ['malformed-origin', { origin: 'https://user@example.com' }],
    ['malformed-origin', { origin: 'https://example.com https://evil.com' }],
    ['bad-origin', { origin: 'https://evil.com' }],
    ['bad-origin', { origin: 'http://example.com' }],
    ['bad-origin', { origin: 'https://example.com:8443' }],
    ['bad-origin', { origin: 'https://trusted.test' }],
    ['bad-origin', { origin: 'http://a.trusted.test' }],
    ['bad-origin', { origin: 'https://eviltrusted.test' }],
    ['bad-origin', { origin: 'https://a.trusted.test.evil.com' }],
    ['bad-origin', { origin: 'https://a.port.test' }],
    ['no-referer', {}],
    ['no-referer', { 'sec-fetch-site': 'none' }],
    ['malformed-referer', { referer: 'nonsense' }],
    ['malformed-referer', { referer: 'about:blank' }],
    ['insecure-referer', { referer: 'http://example.com/' }],
    ['bad-referer', { referer: 'https://evil.com/https://example.com/' }],
    ['bad-referer', { referer: 'https://example.com.evil.com/' }],
  ])('is refused as %s: %j', (reason, headers) => expect(problem(headers as Record<string, string>)).toBe(reason));

  it('counts the port', () => {
    expect(problem({ origin: 'http://localhost:8000' }, 'localhost:8000', 'http')).toBeNull();
    expect(problem({ origin: 'http://localhost:3000' }, 'localhost:8000', 'http')).toBe('bad-origin');
  });

  it('needs no referer over plain http', () => {
    expect(problem({}, 'localhost:8000', 'http')).toBeNull();
  });
});

describe('trusted origins', () => {
  it.each([['https://a.com'], ['http://localhost:3000'], ['https://*.a.com'], ['https://[::1]:8000']])(
    'may be %s',
    (text) => expect(isTrustedOriginPattern(text)).toBe(true),
  );

  it.each([
    ['a.com'],
    ['https://a.com/'],
    ['https://*'],
    ['https://a.*.com'],
    ['*'],
    ['https://*a.com'],
    ['ftp://a.com'],
  ])('may not be %s', (text) => expect(isTrustedOriginPattern(text)).toBe(false));
});
