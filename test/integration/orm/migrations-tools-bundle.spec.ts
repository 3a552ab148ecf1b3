import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { ApiApp } from 'bowerbird/api';
import { AuditApp } from 'bowerbird/audit';
import { AuthApp, AuthAppWithoutUser } from 'bowerbird/auth';
import { describeApps } from 'bowerbird/orm';
import { SessionsApp } from 'bowerbird/sessions';
import { rolldown, type InputOptions } from 'rolldown';
import { beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { NODE_FLAGS, SOURCE_CONDITIONS } from '../../support/node-flags.js';

const FRAMEWORK_TSCONFIG = fileURLToPath(new URL('../../../packages/bowerbird/tsconfig.json', import.meta.url));

const migration = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

const MIGRATIONS = {
  'migrations/0001_initial.ts': migration(
    "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })",
  ),
  'migrations/0002_rows.ts': migration(
    `ops.code(async (db) => { await db.query('INSERT INTO note (text) VALUES (?)', ['from the bundle']); }, async () => {})`,
  ),
};
const SHOP = `import { App } from 'bowerbird/orm';
import initial from './migrations/0001_initial.js';
import rows from './migrations/0002_rows.js';

class ShopModule {}
Module({})(ShopModule);
App({ name: 'shop', entities: [], migrations: [['0001_initial', initial], ['0002_rows', rows]] })(ShopModule);
`;

/** A program whose migrations are a part of it; the framework is installed beside it. */
const ORM_PROGRAM = {
  ...MIGRATIONS,
  'main.ts': `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SettingsProblems } from 'bowerbird/core';
import { Migrator, OrmModule, resolveOrm } from 'bowerbird/orm';
${SHOP}
class AppModule {}
const options = { apps: [ShopModule], database: process.argv[2]! };
const root = new URL('./', import.meta.url);
Module({ imports: [OrmModule.forRoot(resolveOrm(options, new SettingsProblems(), { root })), ShopModule] })(AppModule);

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
for (const { file } of await app.get(Migrator).migrate()) console.log(file.name);
await app.close();
`,
};

/** A whole application, with the framework in the same file. */
const WHOLE_PROGRAM = {
  ...MIGRATIONS,
  'main.ts': `import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';
import { ContentTypesModule } from 'bowerbird/orm';
${SHOP}
class AppModule {}
const [database, ...argv] = process.argv.slice(2);
const settings = { secretKey: '0123456789abcdef'.repeat(4), apps: [ShopModule, ContentTypesModule], database: database! };
Module({ imports: [FrameworkModule.forRoot(settings)] })(AppModule);

await manage(AppModule, { argv });
`,
};

interface Program {
  readonly path: string;
  /** What Node is told to run it. */
  readonly flags: readonly string[];
}

/** Joins sources into one file, and removes them. */
async function bundled(sources: Readonly<Record<string, string>>, options: InputOptions): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'modules', 'bundle-'));
  const src = join(folder, 'src');
  mkdirSync(join(src, 'migrations'), { recursive: true });
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(src, name), text);
  const built = await rolldown({ input: join(src, 'main.ts'), platform: 'node', ...options });
  const path = join(folder, 'program.mjs');
  await built.write({ file: path, format: 'esm', codeSplitting: false });
  await built.close();
  rmSync(src, { recursive: true });
  return path;
}

/** Runs a program in a folder that has nothing in it. */
function runEmpty(
  { path, flags }: Program,
  ...args: readonly string[]
): { readonly code: number; readonly text: string } {
  const folder = mkdtempSync(join(tmpdir(), 'empty-'));
  const { stdout, stderr, status } = spawnSync(process.execPath, [...flags, path, ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  expect([stderr, readdirSync(folder)]).toEqual(['', []]);
  return { code: status ?? -1, text: stdout };
}

describe('a program that is bundled into one file', () => {
  let small: Program;
  let whole: Program;
  beforeAll(async () => {
    small = {
      path: await bundled(ORM_PROGRAM, {
        external: (id) => !/^[./]/.test(id),
        resolve: { extensionAlias: { '.js': ['.ts', '.js'] } },
      }),
      flags: NODE_FLAGS,
    };
    whole = {
      path: await bundled(WHOLE_PROGRAM, {
        tsconfig: FRAMEWORK_TSCONFIG,
        external: (id) => !/^[./#]|^bowerbird(\/|$)|^@oxc-project\//.test(id),
        resolve: { conditionNames: [...SOURCE_CONDITIONS, 'import', 'node', 'default'] },
      }),
      flags: [],
    };
  });

  const rows = async (database: string): Promise<unknown> => {
    const app = await openOrm({ database, entities: [], synchronize: false });
    const found = await app.db.query('SELECT text FROM note');
    await app.db.dataSource.dropDatabase();
    await app.close();
    return found;
  };

  eachDatabase((suite) => {
    it('migrates in an empty folder', async () => {
      expect(runEmpty(small, suite.url)).toEqual({ code: 0, text: '0001_initial\n0002_rows\n' });
      expect(await rows(suite.url)).toEqual([{ text: 'from the bundle' }]);
    }, 60_000);

    it('migrates the areas of the framework too, when these are in the same file', async () => {
      const { text } = runEmpty(whole, suite.url, 'migrate');
      expect(text.match(/^Applying .*$/gm)).toEqual(
        [
          'sessions 0001_initial',
          'auth 0001_initial',
          'audit 0001_initial',
          'audit 0002_fingerprint',
          'jobs 0001_initial',
          'notifications 0001_initial',
          'api 0001_initial',
          'shop 0001_initial',
          'shop 0002_rows',
          'contenttypes 0001_initial',
        ].map((name) => `Applying ${name}`),
      );
      expect(runEmpty(whole, suite.url, 'makemigrations', 'auth', 'sessions', 'audit', 'api', '--check')).toEqual({
        code: 0,
        text: 'No changes detected.\n',
      });
      expect(await rows(suite.url)).toEqual([{ text: 'from the bundle' }]);
    }, 60_000);
  });
});

it('areas of the framework list the migrations that are in their folders', () => {
  for (const app of [AuthApp, AuthAppWithoutUser, SessionsApp, AuditApp, ApiApp]) {
    const { migrations } = describeApps([app], new URL('file:///nowhere/')).all()[0]!;
    const files = readdirSync(migrations!.url).flatMap((name) => /^(\d+_\w+)\.[jt]s$/.exec(name)?.[1] ?? []);
    expect([app.name, migrations!.modules!.map(([name]) => name)]).toEqual([app.name, files]);
  }
});
