import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { beforeAll, describe, expect, it } from 'vitest';

import { NODE_FLAGS } from '../../support/node-flags.js';

const MAIN = fileURLToPath(new URL('../../../apps/hello/src/main.ts', import.meta.url));

interface Ended {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs the smallest application as its own process, with an environment of its own. */
async function hello(variables: Readonly<Record<string, string>>, ...argv: string[]): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, ...variables };
  const child = spawn(process.execPath, [...NODE_FLAGS, MAIN, ...argv], { env });
  const told = { output: '', errors: '' };
  child.stdout.on('data', (data: Buffer) => (told.output += data.toString()));
  child.stderr.on('data', (data: Buffer) => (told.errors += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, ...told };
}

const PRODUCTION = { NODE_ENV: 'production' };
const REPORT = /^The settings have 1 problem[^]*core\.E005 +SECRET_KEY\n +Environment variable SECRET_KEY is not set/;

describe('the smallest application in production without SECRET_KEY', () => {
  let help: Ended;
  let check: Ended;
  let serve: Ended;
  beforeAll(async () => {
    [help, check, serve] = await Promise.all([
      hello(PRODUCTION, '--help'),
      hello(PRODUCTION, 'check'),
      hello(PRODUCTION),
    ]);
  }, 120_000);

  it('answers --help', () => {
    expect(help.code, help.errors).toBe(0);
    expect(help.output).toMatch(/^\s+migrate\b/m);
  });

  it('reports the variable when it is checked', () => {
    expect(check.code).toBe(1);
    expect(check.errors).toMatch(REPORT);
  });

  it('does not serve, and says why in one report without a stack', () => {
    expect(serve.code).toBe(1);
    expect(serve.errors).toMatch(REPORT);
    expect(serve.errors).not.toMatch(/\n\s+at /);
    expect(serve.output).not.toContain('Listening');
  });
});
