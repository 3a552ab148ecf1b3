import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { resolveApi, type ApiOptions } from '../api.options.js';

function resolved(versions: unknown) {
  const problems = new SettingsProblems();
  const base = { production: false, root: new URL('file:///app/') };
  const config = resolveApi({ versions } as ApiOptions, problems, base);
  return { config: config.versions, problems: problems.all.map(({ id, path }) => [id, path]) };
}

const KNOWN = { by: 'path', known: ['1', '2.1'] };

describe('the settings of versions', () => {
  it('have a name for each place', () => {
    const named = ['path', 'header', 'query', 'mediaType'].map((by) => resolved({ ...KNOWN, by }).config?.name);
    expect(named).toEqual(['v', 'API-Version', 'version', 'version']);
    expect(resolved({ ...KNOWN, name: '' })).toMatchObject({ config: { name: '', default: null }, problems: [] });
    expect(resolved(undefined).config).toBeNull();
  });

  it('write headers once', () => {
    const deprecated = {
      1: { since: new Date('2026-01-01T00:00:00.500Z'), sunset: '2026-01-01T12:00:00Z', link: '/a?b=c#d' },
    };
    expect(resolved({ ...KNOWN, deprecated }).config?.deprecated.get('1')).toEqual({
      headers: { Deprecation: '@1767225600', Sunset: 'Thu, 01 Jan 2026 12:00:00 GMT' },
      links: ['</a?b=c#d>; rel="deprecation"; type="text/html"'],
    });
  });

  it.each([
    [{ known: ['1'] }, 'core.E002', 'by'],
    [{ ...KNOWN, by: 'cookie' }, 'core.E004', 'by'],
    [{ by: 'path' }, 'core.E003', 'known'],
    [{ by: 'path', known: ['a', 'A'] }, 'core.E003', 'known'],
    [{ by: 'path', known: ['a/b'] }, 'core.E003', 'known'],
    [{ ...KNOWN, by: 'mediaType', name: 'q' }, 'core.E003', 'name'],
    [{ ...KNOWN, by: 'header', name: 'a b' }, 'core.E003', 'name'],
    [{ ...KNOWN, default: '2' }, 'core.E004', 'default'],
    [{ ...KNOWN, deprecated: { 3: { since: '2026-01-01' } } }, 'core.E001', 'deprecated.3'],
    [{ ...KNOWN, deprecated: { 1: {} } }, 'core.E002', 'deprecated.1.since'],
    [{ ...KNOWN, deprecated: { 1: { since: 'soon' } } }, 'core.E002', 'deprecated.1.since'],
    [
      { ...KNOWN, deprecated: { 1: { since: '2026-01-02', sunset: '2026-01-01' } } },
      'core.E003',
      'deprecated.1.sunset',
    ],
    [{ ...KNOWN, deprecated: { 1: { since: '2026-01-01', link: 'https://a>' } } }, 'core.E003', 'deprecated.1.link'],
    [{ ...KNOWN, deprecated: { 1: { since: '2026-01-01', link: 'javascript:x' } } }, 'core.E003', 'deprecated.1.link'],
  ])('refuse %j', (options, id, path) => {
    expect(resolved(options).problems).toEqual([[id, `settings.api.versions.${path}`]]);
  });
});
