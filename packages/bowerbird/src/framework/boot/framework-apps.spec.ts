import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';
import { sessionDrivers, type SessionDriver } from '#sessions';

import { type FrameworkSettings } from '../settings.js';
import { resolveSettings } from './resolve-settings.js';

/** Names of the apps whose tables an application with this session driver has. */
function appsWith(driver: SessionDriver): readonly string[] {
  const { areas } = resolveSettings({ secretKey: 'k'.repeat(60), sessions: { driver } }, new SettingsProblems());
  return areas.orm.apps.map(({ name }) => name);
}

describe('the framework’s own apps', () => {
  it('have a table of sessions only where the driver keeps its rows there', () => {
    expect(appsWith(sessionDrivers.database())).toContain('SessionsApp');
    expect(appsWith(sessionDrivers.memory())).not.toContain('SessionsApp');
  });

  it('have a table of answers only where an API keeps them', () => {
    const withApi = (api: FrameworkSettings['api']) =>
      resolveSettings({ secretKey: 'k'.repeat(60), api }, new SettingsProblems()).areas.orm.apps.map(
        ({ name }) => name,
      );
    expect(withApi({ idempotency: { lifetime: '7d' } })).toContain('ApiApp');
    expect(withApi({ idempotency: false })).not.toContain('ApiApp');
    expect(withApi(false)).not.toContain('ApiApp');
  });
});
