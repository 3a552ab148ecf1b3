import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { NODE_FLAGS } from '../../support/node-flags.js';
import { run, type Ended } from '../../support/projects/made-project.js';

const MAIN = fileURLToPath(new URL('../../../packages/create-bowerbird/src/main.ts', import.meta.url));

let here: string;
beforeEach(() => {
  here = realpathSync(mkdtempSync(join(tmpdir(), 'program-')));
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

/** Runs the program where there is no terminal. */
const create = (...args: readonly string[]): Promise<Ended> => run(here, {}, ...NODE_FLAGS, MAIN, ...args);

/** Puts a program of the given name first, in the place of the one that is installed. */
function replaced(name: string, script: string): Readonly<Record<string, string>> {
  const folder = join(here, 'bin');
  mkdirSync(folder);
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  return { PATH: `${folder}${delimiter}${process.env.PATH}` };
}

describe('create-bowerbird without a terminal', () => {
  it('takes the default of what is not said, makes a repository, and says what comes next', async () => {
    const { code, shown } = await create('shop', '--no-install');
    expect(code, shown).toBe(0);
    expect(statSync(join(here, 'shop/.git')).isDirectory()).toBe(true);
    expect(statSync(join(here, 'shop/.env')).mode & 0o077).toBe(0);
    const steps = ['cd shop', 'npm install', 'npm run manage migrate', 'npm run manage createsuperuser'];
    for (const step of steps) expect(shown).toContain(step);
    expect(shown).toContain(
      'npm create bowerbird@latest shop -- --template default --database sqlite --package-manager npm --git --no-install',
    );
  });

  it('shows no secret', async () => {
    const { shown } = await create('shop', '--no-install', '--database', 'postgres');
    expect(shown).not.toMatch(/SECRET_KEY|PASSWORD|[0-9a-f]{36}/);
  });

  it.each([
    [[], 2, 'There is no name'],
    [['../shop'], 2, 'is a path'],
    [['shop', '--database', 'oracle'], 2, 'sqlite, postgres, mysql'],
    [['shop', '--unknown'], 2, "Unknown option '--unknown'"],
    [['bin', '--yes'], 2, 'is not empty'],
  ])('makes nothing of %j', async (args, code, message) => {
    replaced('unused', '');
    const ended = await create(...args);
    expect(ended.shown).toContain(message);
    expect(ended.shown).not.toMatch(/\n\s+at /);
    expect(ended.code).toBe(code);
    expect(readdirSync(here)).toEqual(['bin']);
  });

  it('keeps the project and nothing half installed when the installation fails', async () => {
    const npm = 'case $1 in --version) echo 11.0.0;; *) mkdir -p node_modules/half; exit 7;; esac';
    const { code, shown } = await run(here, replaced('npm', npm), ...NODE_FLAGS, MAIN, 'shop', '--no-git');
    expect([code, shown]).toEqual([1, expect.stringContaining('its packages are not: the installation failed')]);
    expect(shown).toMatch(/cd shop\n +npm install\n/);
    expect(readdirSync(join(here, 'shop'))).toContain('package.json');
    expect(readdirSync(join(here, 'shop'))).not.toContain('node_modules');
  });

  it('makes nothing when the package manager is not there', async () => {
    const { code, shown } = await run(here, { PATH: '' }, ...NODE_FLAGS, MAIN, 'shop', '-p', 'pnpm', '--no-git');
    expect([code, shown]).toEqual([1, expect.stringContaining('pnpm does not run here')]);
    expect(readdirSync(here)).toEqual([]);
  });

  it('tells its options and its version', async () => {
    expect((await create('--help')).shown).toContain('--package-manager <name>');
    expect((await create('--version')).shown).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
