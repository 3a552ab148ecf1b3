import { describe, expect, it } from 'vitest';

import { runWith } from '#core';
import { HTTP_REQUEST, type HttpRequest } from '#http';

import { isSafeRedirect, safeRedirect } from './safe-redirect.js';

const http = { host: 'example.com', secure: false };
const https = { host: 'example.com', secure: true };
const withPort = { host: 'localhost:8000', secure: false };

describe('a redirect target is refused', () => {
  it.each([
    ['//evil.com'],
    ['///evil.com'],
    ['////evil.com'],
    ['http://evil.com'],
    ['https://evil.com/'],
    ['HTTP://EVIL.COM'],
    ['http:///evil.com'],
    ['http:////evil.com'],
    ['http:evil.com'],
    ['http:/evil.com'],
    ['https:evil.com'],
    ['\\\\evil.com'],
    ['/\\evil.com'],
    ['\\/evil.com'],
    ['/\\/evil.com'],
    ['http:\\\\evil.com'],
    ['http://example.com\\@evil.com'],
    ['http://example.com@evil.com'],
    ['http://user:secret@example.com/'],
    ['http://evil.com#@example.com'],
    ['http://evil.com?example.com'],
    ['http://example.com.evil.com'],
    ['http://evilexample.com'],
    ['http://example.com:8080/'],
    ['ftp://example.com/file'],
    ['javascript:alert(1)'],
    ['JaVaScRiPt:alert(1)'],
    ['java\nscript:alert(1)'],
    ['data:text/html,<script>alert(1)</script>'],
    ['vbscript:msgbox(1)'],
    ['mailto:a@example.com'],
    ['file:///etc/passwd'],
    [' //evil.com'],
    ['/ok '],
    ['\t//evil.com'],
    ['/\t/evil.com'],
    ['/\r\nSet-Cookie: a=b'],
    ['/\u0000'],
    ['\u0008//evil.com'],
    ['/.//evil.com'],
    ['/..//evil.com'],
    ['/a/..//evil.com'],
    ['/%2e//evil.com'],
    ['http://[::1'],
    ['http://'],
    ['evil.com'],
    ['admin/'],
    ['#fragment'],
    ['?'],
    [''],
    [`/${'a'.repeat(2048)}`],
    [undefined],
    [null],
    [['/a', '/b']],
    [{ toString: (): string => '/a' }],
  ])('%j', (target) => expect(isSafeRedirect(target, http)).toBe(false));

  it('when it leads from https down to http', () => {
    expect(isSafeRedirect('http://example.com/', https)).toBe(false);
    expect(isSafeRedirect('https://example.com/', https)).toBe(true);
  });
});

describe('a redirect target is accepted', () => {
  it.each([
    ['/'],
    ['/admin/'],
    ['/admin/?q=a&b=c#top'],
    ['/a//b'],
    ['/search?next=//evil.com'],
    ['/search?next=http://evil.com/'],
    ['/user@evil.com'],
    ['/caf%C3%A9/'],
    ['/città/'],
    ['/with space/'],
    ['?page=2'],
    ['http://example.com'],
    ['http://example.com/path'],
    ['http://EXAMPLE.com/path'],
    ['http://example.com:80/'],
    ['https://example.com/'],
  ])('%j', (target) => expect(isSafeRedirect(target, http)).toBe(true));

  it('on its own port', () => {
    expect(isSafeRedirect('http://localhost:8000/', withPort)).toBe(true);
    expect(isSafeRedirect('http://localhost:9000/', withPort)).toBe(false);
  });

  it('on a host that is allowed beside its own', () => {
    expect(isSafeRedirect('https://shop.example.com/cart', http, ['shop.example.com'])).toBe(true);
    expect(isSafeRedirect('https://evil.example.com/cart', http, ['shop.example.com'])).toBe(false);
  });
});

describe('safeRedirect', () => {
  const answer = (target: unknown) =>
    runWith(HTTP_REQUEST, http as unknown as HttpRequest, () => safeRedirect(target, '/home/'));

  it('falls back when the target is unsafe or missing', () => {
    expect(answer('//evil.com')).toBe('/home/');
    expect(answer(undefined)).toBe('/home/');
  });

  it('answers a safe target, encoded for a header', () => {
    expect(answer('/città/ roma/?q=é')).toBe('/citt%C3%A0/%20roma/?q=%C3%A9');
    expect(answer('/a%2Fb/?q=1&q=2#x')).toBe('/a%2Fb/?q=1&q=2#x');
    expect(answer('http://example.com/a')).toBe('http://example.com/a');
  });

  it('accepts only paths outside of a request', () => {
    expect(safeRedirect('/a', '/home/')).toBe('/a');
    expect(safeRedirect('https://example.com/', '/home/')).toBe('/home/');
  });
});
