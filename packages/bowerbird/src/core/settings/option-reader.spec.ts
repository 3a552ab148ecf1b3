import { describe, expect, it } from 'vitest';

import { OptionReader } from './option-reader.js';
import { SettingsProblems } from './settings-problems.js';

interface Options {
  readonly name?: string;
  readonly size?: number;
  readonly maxAge?: `${number}s`;
  readonly mode?: 'fast' | 'safe';
  readonly password?: string;
}

function read(options: unknown) {
  const problems = new SettingsProblems();
  const reader = new OptionReader<Options>('settings.box', options as Options, problems);
  const values = {
    name: reader.string('name', 'box', { pattern: /^[a-z]+$/, expected: 'small letters' }),
    size: reader.number('size', 3, { min: 1, max: 10, integer: true }),
    maxAge: reader.duration('maxAge', '30s', { max: '60s' }),
    mode: reader.choice('mode', ['fast', 'safe'], 'safe'),
    password: reader.secret('password'),
  };
  reader.finish();
  return { values, findings: problems.toFindings() };
}

describe('OptionReader', () => {
  it('gives defaults for what is not set', () => {
    expect(read(undefined).values).toEqual({ name: 'box', size: 3, maxAge: 30_000, mode: 'safe', password: undefined });
    expect(read(undefined).findings).toEqual([]);
  });

  it('finds every problem in one run and names path, value, expectation and fix', () => {
    const { findings } = read({ name: 'BOX', size: 2.5, maxAge: '90s', mode: 'fats', pasword: 'hunter2' });
    expect(findings.map(({ at }) => at)).toEqual([
      'settings.box.name',
      'settings.box.size',
      'settings.box.maxAge',
      'settings.box.mode',
      'settings.box.pasword',
    ]);
    expect(findings[3]).toMatchObject({ id: 'core.E004', level: 'error', hint: 'Did you mean "fast"?' });
    expect(findings[4]).toMatchObject({ id: 'core.E001', hint: 'Did you mean "password"?' });
  });

  it('masks values with secret names', () => {
    const { findings } = read({ password: 42 });
    expect(JSON.stringify(findings)).not.toContain('42');
  });

  it('refuses options that are no object', () => {
    expect(read('fast').findings[0]).toMatchObject({ id: 'core.E002', at: 'settings.box' });
  });
});
