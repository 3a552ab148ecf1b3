import { describe, expect, it } from 'vitest';

import { wantsHtml } from './accept.js';

describe('wantsHtml', () => {
  it.each([
    'text/html',
    'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'application/json;q=0.5, text/html',
    'TEXT/HTML;q=0.1',
    'application/xhtml+xml',
  ])('is true for %s', (accept) => expect(wantsHtml(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'text/*',
    'application/json',
    'application/json, text/html;q=0.9',
    'text/html;q=0',
    'text/htmlx',
  ])('is false for %s', (accept) => expect(wantsHtml(accept)).toBe(false));
});
