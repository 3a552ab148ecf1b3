import { describe, expect, it } from 'vitest';

import { SettingsProblems } from '#core';

import { resolveHttp } from './http-settings.js';

const resolve = (pipeline: 'all' | 'own', production = true) =>
  resolveHttp({ pipeline }, new SettingsProblems(), { production, root: new URL('file:///app/') });

describe('HttpConfig', () => {
  it('serves every path in the pipeline for all', () => {
    const config = resolve('all');
    expect([config.serves('/anything'), config.owns('/anything')]).toEqual([true, false]);
  });

  it('serves whole path segments of claimed prefixes, whatever their case', () => {
    const config = resolve('own');
    config.claim('admin');
    config.claim('/shop/:id/edit');
    const served = ['/admin', '/admin/', '/ADMIN/x', '/shop', '/shop/7', '/static/x'];
    expect(served.filter((path) => !config.serves(path))).toEqual([]);
    const others = ['/', '/administrator', '/admin.css', '/x/admin', '//admin'];
    expect(others.filter((path) => config.serves(path))).toEqual([]);
  });

  it('takes a claim of the root for the root alone', () => {
    const config = resolve('own');
    config.claim('/');
    expect([config.serves('/'), config.serves('/x')]).toEqual([true, false]);
  });

  it('has strict defaults in production and local hosts elsewhere', () => {
    expect(resolve('all')).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      allowedHosts: [],
      trustedProxies: [],
      static: { hashed: true },
    });
    expect(resolve('all', false)).toMatchObject({
      allowedHosts: [],
      servedHosts: expect.arrayContaining(['localhost']) as string[],
    });
    expect(resolve('all', true).servedHosts).toEqual([]);
  });
});
