import { describe, expect, it } from 'vitest';

import { Secret } from '../crypto/secret.js';
import { SettingsProblems } from './settings-problems.js';

const report = (path: string, got: unknown): string => {
  const problems = new SettingsProblems();
  problems.add({ id: 'core.E001', path, got, expected: 'a known setting', hint: 'Remove it' });
  return problems.toFindings()[0]!.message;
};

const circle: Record<string, unknown> = { password: 'hunter2' };
circle.self = circle;

describe('the report of wrong settings', () => {
  it.each<[string, unknown]>([
    ['settings.databse', 'postgres://app:hunter2@db/x'],
    ['settings.databse', 'postgres://app:pass@hunter2@db/x'],
    ['settings.databse', { url: 'postgres://app:hunter2@db/x' }],
    ['settings.databse', { replicas: [{ url: new URL('postgres://app:hunter2@db/x') }] }],
    ['settings.database.url', new URL('postgres://app:hunter2@db/x')],
    ['settings.database.tsl', { key: 'hunter2' }],
    ['settings.database.tls.key', Buffer.from('hunter2')],
    ['settings.database.tls.cert', '-----BEGIN PRIVATE KEY-----\nhunter2'],
    ['settings.mail', { auth: { user: 'a', pass: 'hunter2' } }],
    ['settings.mail', new Map([['password', 'hunter2']])],
    ['settings.secretKeyFallbacks.0', 'hunter2'],
    ['settings.secretKye', 'hunter2'],
    ['settings.other', new Secret('hunter2')],
    ['settings.other', circle],
    ['settings.other', new Error('no way to postgres://app:hunter2@db/x')],
    ['settings.other', [Buffer.from('hunter2'), { apiKey: 'hunter2' }]],
  ])('hides what is secret in %s', (path, got) => {
    expect(report(path, got)).not.toMatch(/hunter2|68 75 6e/);
  });

  it('shows the rest, so that the mistake is seen', () => {
    expect(report('settings.databse', 'postgres://app:hunter2@db/x')).toContain("'postgres://app:********@db/x'");
    expect(report('settings.http', { port: '80' })).toContain("{ port: '80' }");
    expect(report('settings.root', 5)).toContain('got 5');
    expect(report('settings.apps', [class Shop {}])).toContain('[Function: Shop]');
    expect(report('settings.secretKey', undefined)).toContain('got undefined');
  });
});
