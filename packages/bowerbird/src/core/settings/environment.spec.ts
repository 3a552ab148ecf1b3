import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { environment, EnvironmentError } from './environment.js';
import { OptionReader } from './option-reader.js';
import { SettingsProblems } from './settings-problems.js';

describe('Environment', () => {
  const env = environment({
    PORT: '8000',
    DEBUG: 'yes',
    HOSTS: ' a.example , b.example,',
    AGE: '14d',
    BAD: 'x',
    EMPTY: '',
    NODE_ENV: 'development',
  });

  it('reads typed values', () => {
    expect(env.port('PORT')).toBe(8000);
    expect(env.boolean('DEBUG')).toBe(true);
    expect(env.list('HOSTS')).toEqual(['a.example', 'b.example']);
    expect(env.duration('AGE')).toBe('14d');
    expect(env.string('EMPTY', 'fallback')).toBe('fallback');
    expect(env.optional('EMPTY')).toBeUndefined();
  });

  it.each(['port', 'number', 'boolean', 'duration'] as const)('names the variable when its %s is malformed', (kind) => {
    expect(() => `${env[kind]('BAD')}`).toThrow(/BAD is not/);
  });

  it('names a missing variable and never shows a value, where the value is used', () => {
    const missing = env.string('MISSING');
    expect(() => missing.length).toThrow(EnvironmentError);
    expect(() => String(missing)).toThrow(/MISSING is not set/);
    expect(() => [...env.list('MISSING')]).toThrow(/MISSING is not set/);
    expect(() => env.number('MISSING') + 1).toThrow(/MISSING is not set/);
    expect(() => `${environment({ KEY: 'hunter2' }).number('KEY')}`).toThrow(/^(?!.*hunter2)/);
  });

  it('takes no missing boolean for true where nobody would report it', () => {
    expect(() => env.boolean('MISSING')).toThrow(/MISSING is not set/);
    expect(() => environment({ KEY: 'maybe' }).boolean('KEY', false)).toThrow(/KEY is not one of/);
  });

  it('brings everything that is wrong to the settings, each variable once', () => {
    const reader = environment({ NODE_ENV: 'production', PORT: 'x', AGE: 'long', DEBUG: 'maybe' });
    const options = {
      key: reader.secret('SECRET_KEY'),
      port: reader.port('PORT'),
      again: reader.port('PORT'),
      hosts: reader.list('HOSTS'),
      age: [reader.duration('AGE')],
      debug: reader.boolean('DEBUG'),
    };
    const problems = new SettingsProblems();
    const read = new OptionReader<typeof options>('settings', options, problems);
    expect(read.secret('key')?.missing).toBe(true);
    expect(read.number('port', 8000)).toBe(8000);
    expect(read.strings('hosts', ['a'])).toEqual(['a']);
    expect(problems.toFindings().map(({ id, at, message }) => `${id} ${at}: ${message}`)).toEqual([
      'core.E005 SECRET_KEY: Environment variable SECRET_KEY is not set',
      'core.E005 PORT: Environment variable PORT is not a port number',
      'core.E005 HOSTS: Environment variable HOSTS is not set',
      'core.E005 AGE: Environment variable AGE is not a duration such as 30s or 14d',
      'core.E005 DEBUG: Environment variable DEBUG is not one of true, false, 1, 0, yes, no, on, off',
    ]);
  });

  it('brings it along with a value of whole options, and without a secret', () => {
    const reader = environment({ PORT: 'x' });
    const problems = new SettingsProblems();
    const port = reader.port('PORT');
    new OptionReader<object>('settings.http', reader.string('HTTP') as never, problems).finish();
    expect(problems.all.map(({ path }) => path)).toEqual(['PORT', 'HTTP']);
    expect(() => `${port}`).toThrow(EnvironmentError);
  });

  it('replaces a missing secret outside of production only', () => {
    expect(env.secret('SECRET_KEY').standIn).toBe(true);
    const missing = environment({ NODE_ENV: 'production' }).secret('SECRET_KEY');
    expect(missing).toMatchObject({ missing: true, production: true, standIn: false });
    expect(() => missing.reveal()).toThrow(EnvironmentError);
  });

  it('never prints a secret', () => {
    const secret = environment({ KEY: 'hunter2' }).secret('KEY');
    expect(`${secret.toString()} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});
