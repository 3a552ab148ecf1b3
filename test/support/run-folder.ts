import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { dropDatabases } from './servers.js';

const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url));

/** Databases of a run that was killed are dropped by a later run once they are this old. */
const ABANDONED_AFTER_MS = 6 * 60 * 60 * 1000;

/**
 * Gives the whole run one temporary folder and one prefix for its databases, and removes both at the end, whatever
 * failed. Modules that tests write into its folder `modules` import packages as modules of the project do.
 */
export default function setup(): (() => Promise<void>) | undefined {
  if (process.env.BOWERBIRD_TEST_RUN) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'bowerbird-run-'));
  mkdirSync(join(folder, 'modules'));
  symlinkSync(MODULES, join(folder, 'modules', 'node_modules'), 'junction');
  writeFileSync(join(folder, 'modules', 'package.json'), '{ "type": "module" }\n');
  const run = `${Date.now().toString(36)}_${randomBytes(3).toString('hex')}`;
  Object.assign(process.env, { BOWERBIRD_TEST_RUN: run, TMPDIR: folder, TEMP: folder, TMP: folder });
  return async () => {
    await dropDatabases((name) => name.startsWith(`bowerbird_${run}_`) || isAbandoned(name));
    rmSync(folder, { recursive: true, force: true });
  };
}

function isAbandoned(name: string): boolean {
  const started = /^bowerbird_([0-9a-z]{8})_[0-9a-f]{6}_/.exec(name)?.[1];
  return started !== undefined && Number.parseInt(started, 36) < Date.now() - ABANDONED_AFTER_MS;
}
