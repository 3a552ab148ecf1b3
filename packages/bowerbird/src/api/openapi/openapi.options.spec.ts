import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { resolveApi, type ApiOptions } from '../api.options.js';

function resolved(options: unknown, production: boolean) {
  const problems = new SettingsProblems();
  const config = resolveApi(options as ApiOptions, problems, { production, root: new URL('file:///app/') });
  return { config, problems: problems.all.map(({ id, path }) => [id, path]) };
}

describe('the settings of the description', () => {
  it('lets nobody but staff read it in production', () => {
    expect(resolved({}, true).config.docs).toEqual({ access: 'staff' });
    expect(resolved({}, false).config.docs).toEqual({ access: 'public' });
    expect(resolved({ docs: false }, false).config.docs).toBeNull();
    expect(resolved({ docs: { access: { permissions: ['a.b'] } } }, true).problems).toEqual([]);
  });

  it.each([
    [{ docs: { access: 'everybody' } }, 'core.E002', 'settings.api.docs.access'],
    [{ docs: { acess: 'staff' } }, 'core.E001', 'settings.api.docs.acess'],
    [{ openapi: { servers: ['https://a.test'] } }, 'core.E002', 'settings.api.openapi.servers'],
    [{ openapi: { extend: {} } }, 'core.E002', 'settings.api.openapi.extend'],
  ])('refuses %j', (options, id, path) => expect(resolved(options, true).problems).toEqual([[id, path]]));
});
