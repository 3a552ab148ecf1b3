import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { resolveSecurity, type SecurityOptions } from './security.options.js';

function resolve(options: unknown, production = false) {
  const problems = new SettingsProblems();
  const config = resolveSecurity(options as SecurityOptions, problems, { production, root: new URL('file:///app/') });
  return { config, ids: problems.all.map(({ id, path }) => `${id} ${path}`) };
}

describe('settings.security', () => {
  it('is closed by default', () => {
    const { config, ids } = resolve(undefined, true);
    expect(ids).toEqual([]);
    expect(config.headers).toMatchObject({ frameOptions: 'deny', referrerPolicy: 'same-origin' });
    expect(config.csp?.['script-src']).toEqual(["'self'", '<nonce>']);
    expect(config.https.hsts).toEqual({ maxAge: 31_536_000_000, includeSubdomains: true, preload: false });
    expect(config.csrf).toMatchObject({ enabled: true, cookie: { name: '__Host-csrftoken', secure: true } });
  });

  it('asks for no https while developing', () => {
    const { config } = resolve(undefined);
    expect(config.https.hsts).toBeNull();
    expect(config.csrf.cookie).toMatchObject({ name: 'csrftoken', secure: false });
  });

  it('turns parts off', () => {
    const { config, ids } = resolve({ headers: false, csp: false, csrf: false, https: { hsts: false } }, true);
    expect(ids).toEqual([]);
    expect([config.headers, config.csp, config.https.hsts, config.csrf.enabled]).toEqual([null, null, null, false]);
  });

  it('changes single directives of the policy', () => {
    const { config } = resolve({ csp: { 'img-src': ["'self'", 'https://i.test'] } });
    expect(config.csp).toMatchObject({ 'img-src': ["'self'", 'https://i.test'], 'object-src': ["'none'"] });
  });

  it('does not share a cookie with a __Host- name', () => {
    const { config } = resolve({ csrf: { cookie: { domain: 'example.com' } } }, true);
    expect(config.csrf.cookie.name).toBe('csrftoken');
  });

  it('names everything that is wrong', () => {
    const { ids } = resolve({
      headers: { frameOptions: 'dney', nosniff: false },
      csp: { 'script-src': "'self'" },
      csrf: { trustedOrigins: ['example.com'] },
      https: { hsts: { maxAge: 31_536_000 } },
      typo: true,
    });
    expect(ids.sort()).toEqual([
      'core.E001 settings.security.headers.nosniff',
      'core.E001 settings.security.typo',
      'core.E002 settings.security.https.hsts.maxAge',
      'core.E004 settings.security.headers.frameOptions',
      'security.E001 settings.security.csp',
      'security.E002 settings.security.csrf.trustedOrigins',
    ]);
  });
});
