import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { ForgetPendingCommand, RebaseMigrationsCommand, SquashMigrationsCommand } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

function note(...columns: readonly string[]): Class {
  @Entity()
  class Note {
    @PrimaryGeneratedColumn() id: number;
    @Column() text: string;
  }
  for (const name of columns) Column({ type: 'varchar', nullable: true })(Note.prototype, name);
  return Note;
}

const migration = (operations: string, ...after: readonly string[]): string =>
  `import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  dependencies: [
${after.map((name) => `    ['shop', '${name}'],\n`).join('')}  ],
  operations: [${operations}],
});
`;
const NOTE = "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })";
const FIELD = (name: string): string => `ops.addField('Note', '${name}', ops.string({ nullable: true }))`;

/** What git leaves in the file when both branches bring a migration. */
const CONFLICT = '<<<<<<< HEAD\n0002_price\n=======\n0003_more\n>>>>>>> sku\n';

/** One branch brought 0002_price, the other one 0002_sku and, behind it, 0003_more. */
const BRANCHES: Readonly<Record<string, string>> = {
  '0001_initial.ts': migration(NOTE),
  '0002_price.ts': migration(FIELD('price'), '0001_initial'),
  '0002_sku.ts': migration(FIELD('sku'), '0001_initial'),
  '0003_more.ts': migration(`ops.sql("SELECT '0002_sku'", []), ${FIELD('more')}`, '0002_sku'),
  'latest.txt': CONFLICT,
};

describe('an app whose migrations are linear', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>> = {}, linearMigrations = true): EvolvingProject => {
      const made = new EvolvingProject(suite.url, { linearMigrations });
      for (const [name, text] of Object.entries(files)) made.write(name, text);
      return made;
    };
    const rebase = (
      made: EvolvingProject,
      app: OrmTestApp,
      name?: string,
      options: Record<string, unknown> = {},
      io?: RecordedIo,
    ) => made.run(app, RebaseMigrationsCommand, { app: 'shop', ...(name && { migration: name }) }, options, io);

    it('has its newest migration named in a file, by all that writes and deletes migrations', async () => {
      const made = project();
      await made.with([note()], async (app) => {
        expect((await made.make(app, { check: true })).lines.at(-1)).toBe('exit 1');
        expect(existsSync(join(fileURLToPath(made.folder), 'latest.txt'))).toBe(false);
        expect((await made.make(app)).text).toContain('shop: latest.txt names 0001_initial');
      });
      expect(made.read('latest.txt')).toBe('0001_initial\n');
      await made.with([note('title')], (app) => made.make(app));
      expect(made.read('latest.txt')).toBe('0002_note_title\n');
      await made.with([note('title')], async (app) => {
        expect((await made.make(app)).text).toBe('No changes detected.\nexit 0');
        await made.run(app, SquashMigrationsCommand, { app: 'shop', migrations: ['2'] });
      });
      expect(made.read('latest.txt')).toBe('0001_squashed_0002_note_title\n');
      await made.with([note('title')], async (app) => {
        await made.run(app, ForgetPendingCommand, { apps: ['shop'] }, { yes: true });
      });
      expect(made.files).toEqual([]);
    });

    it('writes no such file unless it is asked to', async () => {
      const made = project({}, false);
      await made.with([note()], (app) => made.make(app));
      expect(made.files).toEqual(['0001_initial.ts']);
    });

    it('is checked, and the file is mended by makemigrations', async () => {
      const made = project({ '0001_initial.ts': BRANCHES['0001_initial.ts']!, 'latest.txt': '0001_initial\n' });
      const app = await openOrm({
        database: suite.url,
        entities: [note()],
        synchronize: false,
        app: { migrations: made.folder, linearMigrations: true },
        imports: [CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4)))],
      });
      const found = async () =>
        (await app.get(CheckRunner).run()).findings
          .filter(({ id }) => id === 'orm.E021')
          .map(({ level, message, hint }) => `${level}: ${message} | ${hint}`);
      expect(await found()).toEqual([]);
      const cases: readonly (readonly [string | null, string])[] = [
        [
          '0000_other\n',
          'names 0000_other; the newest migration is 0001_initial | Have it written: makemigrations shop',
        ],
        ['what\never', 'does not name one migration; the newest migration is 0001_initial | Have it'],
        [
          CONFLICT,
          'is in conflict: 0002_price (HEAD) or 0003_more (sku); the newest migration is 0001_initial | Put one',
        ],
      ];
      for (const [text, message] of cases) {
        made.write('latest.txt', text!);
        expect(await found()).toEqual([expect.stringContaining(`error: latest.txt of "shop" ${message}`)]);
      }
      expect((await made.make(app, { check: true })).lines).toEqual([
        'shop: latest.txt does not name 0001_initial',
        'exit 1',
      ]);
      expect((await made.make(app)).lines).toEqual(['shop: latest.txt names 0001_initial', 'exit 0']);
      expect(await found()).toEqual([]);
      await app.close();
    });

    it('puts a branch behind the other after a conflict: names, numbers and what follows what', async () => {
      const made = project(BRANCHES);
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_conflict' });
        await expect(rebase(made, app)).rejects.toMatchObject({
          code: 'orm.migration_question',
          message: 'Which one moves behind the other: 0002_price (HEAD) or 0003_more (sku)?',
          hint: 'Name the one that is applied nowhere: rebasemigrations shop 0003_more',
        });
        expect((await rebase(made, app, '0003', { dryRun: true })).lines).toEqual([
          'shop: 0003_sku follows 0002_price',
          '  - 0002_sku is 0003_sku',
          '  - 0003_more is 0004_more',
          'exit 0',
        ]);
        expect(made.read('latest.txt')).toBe(CONFLICT);
        await rebase(made, app, undefined, {}, new RecordedIo(['0003_more']));
      });
      expect(made.files).toEqual(['0001_initial.ts', '0002_price.ts', '0003_sku.ts', '0004_more.ts', 'latest.txt']);
      expect(made.read('latest.txt')).toBe('0004_more\n');
      expect(made.read('0003_sku.ts')).toBe(migration(FIELD('sku'), '0002_price'));
      expect(made.read('0004_more.ts')).toBe(
        migration(`ops.sql("SELECT '0002_sku'", []), ${FIELD('more')}`, '0003_sku'),
      );
      const next = project(Object.fromEntries(made.files.map((name) => [name, made.read(name)])));
      await next.with([note('price', 'sku', 'more')], async (app) => {
        expect((await next.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        await next.migrate(app);
        expect(await app.db.query('SELECT price, sku, more FROM note')).toEqual([]);
      });
    });

    it('may also be merged, and the file names the merge', async () => {
      const made = project({ ...BRANCHES, '0003_more.ts': migration(FIELD('more'), '0002_sku') });
      await made.with([], (app) => made.make(app, { merge: true, anyOrder: ['all'] }));
      expect(made.read('latest.txt')).toBe('0004_merge_0002_price_0003_more\n');
    });

    it('takes over the name of a file that moves away itself', async () => {
      const made = project({
        '0001_initial.ts': BRANCHES['0001_initial.ts']!,
        '0002_price.ts': BRANCHES['0002_price.ts']!,
        '0002_step.ts': migration(FIELD('one'), '0001_initial'),
        '0003_step.ts': migration(FIELD('two'), '0002_step'),
      });
      await made.with([], (app) => rebase(made, app, '0003_step'));
      expect(made.files).toEqual(['0001_initial.ts', '0002_price.ts', '0003_step.ts', '0004_step.ts', 'latest.txt']);
      expect(made.read('0003_step.ts')).toBe(migration(FIELD('one'), '0002_price'));
      expect(made.read('0004_step.ts')).toBe(migration(FIELD('two'), '0003_step'));
    });

    it('leaves all as it is when the branch cannot move', async () => {
      const cases: readonly (readonly [Record<string, string>, string, Record<string, unknown>])[] = [
        [
          { '0003_more.ts': migration(FIELD('price'), '0002_sku') },
          '0003_more',
          {
            code: 'orm.migration_merge',
            message: expect.stringMatching(/does not work behind it.*field "price" already/),
          },
        ],
        [
          {
            '0003_more.ts':
              "import { Migration } from 'bowerbird/orm';\nconst SHOP = 'shop';\nexport default new Migration({ dependencies: [[SHOP, '0002_sku']], operations: [] });",
          },
          '0003_more',
          { code: 'core.command', message: expect.stringContaining("does not write it as ['shop', '0002_sku']") },
        ],
        [{}, '0009', { code: 'orm.unknown_migration', hint: 'Known migrations: 0002_price, 0003_more' }],
      ];
      for (const [files, name, error] of cases) {
        const made = project({ ...BRANCHES, ...files });
        await made.with([], async (app) => {
          await expect(rebase(made, app, name)).rejects.toMatchObject(error);
        });
        expect(made.files).toEqual(Object.keys(BRANCHES).sort());
        expect(made.read('latest.txt')).toBe(CONFLICT);
      }
    });

    it('does not rename what is applied, and says so when there is nothing to repair', async () => {
      const own = ['0001_initial.ts', '0002_sku.ts'];
      const made = project(Object.fromEntries(own.map((name) => [name, BRANCHES[name]!])));
      await made.with([], async (app) => {
        await expect(rebase(made, app)).rejects.toMatchObject({
          message: 'App "shop" has no branches: 0002_sku is its only last migration',
        });
        await made.migrate(app);
      });
      writeFileSync(new URL('0002_price.ts', made.folder), BRANCHES['0002_price.ts']!);
      await made.with([], async (app) => {
        await expect(rebase(made, app, '0002_sku')).rejects.toMatchObject({
          code: 'core.command',
          message: 'shop.0002_sku is applied to "default" and cannot be renamed',
        });
        await rebase(made, app, '0002_price');
      });
      expect(made.files).toEqual(['0001_initial.ts', '0002_sku.ts', '0003_price.ts', 'latest.txt']);
    });
  });
});
