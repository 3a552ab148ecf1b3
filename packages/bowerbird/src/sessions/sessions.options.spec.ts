import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { sessionDrivers } from './session-driver.js';
import { resolveSessions, type SessionsOptions } from './sessions.options.js';

function resolve(options: unknown, production = false) {
  const problems = new SettingsProblems();
  const config = resolveSessions(options as SessionsOptions, problems, { production, root: new URL('file:///app/') });
  return { config, ids: problems.all.map(({ id, path }) => `${id} ${path}`) };
}

describe('settings.sessions', () => {
  it('keeps sessions in the database for two weeks', () => {
    const { config, ids } = resolve(undefined);
    expect(ids).toEqual([]);
    expect(config).toMatchObject({ maxAge: 1_209_600_000, renewAfter: 0.1, endsWithBrowser: false });
    expect(config.driver).toMatchObject({ name: 'database', durable: true, table: true });
    expect(config.cookie).toEqual({ name: 'sessionid', secure: false, sameSite: 'lax', domain: undefined, path: '/' });
  });

  it('binds the cookie to https and to the host in production', () => {
    expect(resolve(undefined, true).config.cookie).toMatchObject({ name: '__Host-sessionid', secure: true });
    expect(resolve({ cookie: { domain: 'a.com' } }, true).config.cookie.name).toBe('sessionid');
  });

  it('takes a driver by value', () => {
    expect(resolve({ driver: sessionDrivers.memory() }).config.driver.name).toBe('memory');
    expect(resolve({ driver: 'redis' }).ids).toEqual(['sessions.E001 settings.sessions.driver']);
  });

  it('refuses cookies that browsers drop', () => {
    expect(resolve({ cookie: { name: '__Host-id' } }).ids).toEqual(['sessions.E002 settings.sessions.cookie.name']);
    expect(resolve({ cookie: { sameSite: 'none' } }).ids).toEqual(['sessions.E003 settings.sessions.cookie.sameSite']);
  });

  it('names everything else that is wrong', () => {
    const { ids } = resolve({ maxAge: '10s', renewAfter: 2, cookie: { name: 'a b', sameSite: 'lux' }, secret: 'x' });
    expect(ids.sort()).toEqual([
      'core.E001 settings.sessions.secret',
      'core.E003 settings.sessions.cookie.name',
      'core.E003 settings.sessions.maxAge',
      'core.E003 settings.sessions.renewAfter',
      'core.E004 settings.sessions.cookie.sameSite',
    ]);
  });
});
