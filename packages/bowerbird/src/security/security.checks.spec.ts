import { describe, expect, it } from 'vitest';

import { SecretKeys, SettingsProblems, type Finding } from '#core';

import { SecurityChecks } from './security.checks.js';
import { resolveSecurity, type SecurityOptions } from './security.options.js';

const GOOD_KEY = 'kV3lW0nq8ZQm2bT7xS5cR1yH9dJ4gF6pA0eU8iO2tL3wN5zX';
const HTTPS: SecurityOptions = { https: { redirect: true } };

function findings(options: SecurityOptions, keys = new SecretKeys(`${GOOD_KEY}ab`)): string[] {
  const config = resolveSecurity(options, new SettingsProblems(), { production: true, root: new URL('file:///app/') });
  const checks = new SecurityChecks(config, keys);
  const rules = Object.getOwnPropertyNames(SecurityChecks.prototype).filter((name) => name !== 'constructor');
  return rules
    .flatMap((rule) => [...(checks as unknown as Record<string, () => Iterable<Finding>>)[rule]!()])
    .map(({ id }) => id);
}

describe('the security checks', () => {
  it('find nothing in the defaults of production with a redirect to https', () => {
    expect(findings(HTTPS)).toEqual([]);
  });

  it.each<[string, SecurityOptions]>([
    ['security.W002', { https: { redirect: true, hsts: false } }],
    ['security.W002', { https: { redirect: true, hsts: { maxAge: '1d' } } }],
    ['security.W003', {}],
    ['security.W004', { ...HTTPS, csrf: false }],
    ['security.W005', { ...HTTPS, csrf: { cookie: { secure: false } } }],
    ['security.W006', { ...HTTPS, csp: false }],
    ['security.W007', { ...HTTPS, csp: { 'script-src': ["'self'", "'unsafe-inline'"] } }],
    ['security.W007', { ...HTTPS, csp: { 'default-src': ['*'] } }],
    ['security.W008', { ...HTTPS, headers: false }],
    ['security.W009', { ...HTTPS, headers: { frameOptions: false } }],
    ['security.W010', { ...HTTPS, headers: { referrerPolicy: false } }],
    ['security.W010', { ...HTTPS, headers: { referrerPolicy: 'unsafe-url' } }],
    ['security.W011', { ...HTTPS, csrf: { trustedOrigins: ['http://shop.test'] } }],
    ['security.W012', { ...HTTPS, headers: { referrerPolicy: 'no-referrer' } }],
  ])('report %s for %j', (id, options) => expect(findings(options)).toEqual([id]));

  it('report secret keys that can be guessed', () => {
    expect(findings(HTTPS, new SecretKeys('short'))).toEqual(['security.W001']);
    expect(findings(HTTPS, new SecretKeys('ab'.repeat(40)))).toEqual(['security.W001']);
    expect(findings(HTTPS, new SecretKeys(`${GOOD_KEY}ab`, ['short']))).toEqual(['security.W001']);
    expect(findings(HTTPS, new SecretKeys('development-stand-in-secret-never-use-in-production:SECRET_KEY'))).toEqual([
      'security.E003',
    ]);
  });
});
