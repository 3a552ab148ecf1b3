import { inspect } from 'node:util';

import { describe, expect, it } from 'vitest';

import { environment, EnvironmentError } from './environment.js';

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
    expect(() => env[kind]('BAD')).toThrow(/BAD is not/);
  });

  it('names a missing variable and never shows a value', () => {
    expect(() => env.string('MISSING')).toThrow(EnvironmentError);
    expect(() => env.string('MISSING')).toThrow(/MISSING is not set/);
    expect(() => environment({ KEY: 'hunter2' }).number('KEY')).not.toThrow(/hunter2/);
  });

  it('replaces a missing secret outside of production only', () => {
    expect(env.secret('SECRET_KEY').standIn).toBe(true);
    expect(() => environment({ NODE_ENV: 'production' }).secret('SECRET_KEY')).toThrow(EnvironmentError);
  });

  it('never prints a secret', () => {
    const secret = environment({ KEY: 'hunter2' }).secret('KEY');
    expect(`${secret.toString()} ${JSON.stringify({ secret })} ${inspect({ secret })}`).not.toContain('hunter2');
    expect(secret.reveal()).toBe('hunter2');
  });
});
