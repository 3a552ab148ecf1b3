import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';

const TSCONFIG = fileURLToPath(new URL('../../tsconfig.json', import.meta.url));

const migration = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

/** A program whose migrations are a part of it. */
const FILES = {
  'migrations/0001_initial.ts': migration(
    "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })",
  ),
  'migrations/0002_rows.ts': migration(
    `ops.code(async (db) => { await db.query('INSERT INTO note (text) VALUES (?)', ['from the bundle']); }, async () => {})`,
  ),
  'main.ts': `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SettingsProblems } from 'bowerbird/core';
import { App, Migrator, OrmModule, resolveOrm } from 'bowerbird/orm';
import initial from './migrations/0001_initial.js';
import rows from './migrations/0002_rows.js';

class ShopModule {}
Module({})(ShopModule);
App({ name: 'shop', entities: [], migrations: [['0001_initial', initial], ['0002_rows', rows]] })(ShopModule);

class AppModule {}
const options = { apps: [ShopModule], database: process.argv[2]! };
const root = new URL('./', import.meta.url);
Module({ imports: [OrmModule.forRoot(resolveOrm(options, new SettingsProblems(), { root })), ShopModule] })(AppModule);

process.chdir(process.argv[3]!);
const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
for (const { file } of await app.get(Migrator).migrate()) console.log(file.name);
await app.close();
`,
};

describe('a program that is bundled into one file', () => {
  let bundle: string;
  let empty: string;
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modules', 'bundle-'));
    const sources = join(folder, 'src');
    mkdirSync(join(sources, 'migrations'), { recursive: true });
    for (const [name, text] of Object.entries(FILES)) writeFileSync(join(sources, name), text);
    const built = await rolldown({
      input: join(sources, 'main.ts'),
      platform: 'node',
      external: (id) => !/^[./]/.test(id),
      resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
    });
    bundle = join(folder, 'program.mjs');
    await built.write({ file: bundle, format: 'esm' });
    await built.close();
    rmSync(sources, { recursive: true });
    empty = mkdtempSync(join(tmpdir(), 'empty-'));
  });

  eachDatabase((suite) => {
    it('migrates in an empty folder', async () => {
      const flags = ['-C', 'bowerbird-source', '--import', '@swc-node/register/esm-register'];
      const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, bundle, suite.url, empty], {
        env: { ...process.env, SWC_NODE_PROJECT: TSCONFIG },
        encoding: 'utf8',
      });
      expect({ status, stdout, stderr }).toMatchObject({ status: 0, stdout: '0001_initial\n0002_rows\n' });
      expect(readdirSync(empty)).toEqual([]);
      const app = await openOrm({ database: suite.url, entities: [], synchronize: false });
      expect(await app.db.query('SELECT text FROM note')).toEqual([{ text: 'from the bundle' }]);
      await app.close();
    }, 60_000);
  });
});
