import { describe, expect, it } from 'vitest';

import { readCommandLine } from './command-line.js';

describe('readCommandLine', () => {
  it('reads a flag for each question', () => {
    const argv = ['shop', '-t', 'api', '--database', 'mysql', '--package-manager=pnpm', '--no-git', '--install', '-y'];
    expect(readCommandLine(argv)).toEqual({
      answers: {
        name: 'shop',
        template: 'api',
        database: 'mysql',
        packageManager: 'pnpm',
        git: false,
        install: true,
      },
      yes: true,
      help: false,
      version: false,
    });
  });

  it('leaves out what was not said', () => {
    expect(readCommandLine([]).answers).toEqual({});
  });

  it.each([
    [['--template', 'defalt'], '--template cannot be "defalt"', 'default, api, full'],
    [['--database', 'toString'], '--database cannot be "toString"', 'sqlite, postgres, mysql'],
    [['--templat', 'api'], "Unknown option '--templat'", '--help'],
    [['--template'], 'argument missing', '--help'],
    [['shop', 'store'], 'there are 2: shop, store', '--help'],
  ])('refuses %j', (argv, message, hint) => {
    expect(() => readCommandLine(argv)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: expect.stringContaining(message) as string,
        hint: expect.stringContaining(hint) as string,
      }),
    );
  });
});
