import { describe, expect, it } from 'vitest';

import { hstsHeader, staticHeaders } from './static-headers.js';

const DEFAULTS = {
  frameOptions: 'deny',
  referrerPolicy: 'same-origin',
  openerPolicy: 'same-origin',
  resourcePolicy: 'same-origin',
} as const;

describe('static headers', () => {
  it('are those of Django and more', () => {
    expect(Object.fromEntries(staticHeaders(DEFAULTS))).toEqual({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Origin-Agent-Cluster': '?1',
      'Referrer-Policy': 'same-origin',
      'X-Content-Type-Options': 'nosniff',
      'X-DNS-Prefetch-Control': 'off',
      'X-Download-Options': 'noopen',
      'X-Frame-Options': 'DENY',
      'X-Permitted-Cross-Domain-Policies': 'none',
      'X-XSS-Protection': '0',
    });
  });

  it('can be left out one by one', () => {
    const names = staticHeaders({ ...DEFAULTS, frameOptions: false, openerPolicy: false }).map(([name]) => name);
    expect(names).not.toContain('X-Frame-Options');
    expect(names).not.toContain('Cross-Origin-Opener-Policy');
    expect(names).toContain('Referrer-Policy');
  });

  it('tell browsers to insist on https', () => {
    expect(hstsHeader({ maxAge: 86_400_000, includeSubdomains: true, preload: true })).toEqual([
      'Strict-Transport-Security',
      'max-age=86400; includeSubDomains; preload',
    ]);
  });
});
