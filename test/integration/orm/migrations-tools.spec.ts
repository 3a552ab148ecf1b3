import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Class } from 'bowerbird/core';
import { ForgetPendingCommand, MigrateCommand, Migration, Migrator, ops, SqlMigrateCommand } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

function note(...columns: readonly string[]): Class {
  @Entity()
  class Note {
    @PrimaryGeneratedColumn() id: number;
    @Column() text: string;
  }
  for (const name of columns) Column({ type: 'varchar' })(Note.prototype, name);
  return Note;
}

const migration = (operations: string, more = ''): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ ${more} operations: [${operations}] });\n`;
const TABLE = (name: string): string =>
  `ops.createEntity('${name}', { table: '${name.toLowerCase()}', fields: { id: ops.id(), name: ops.string({ length: 20 }) } })`;

/** A file with answers. */
const answersIn = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'answers-')), 'answers.json');
  writeFileSync(file, text);
  return file;
};

describe('tools of migrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>> = {}): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) made.write(name, text);
      return made;
    };

    it('migrate --fake-initial writes a first migration down, but only where its tables match', async () => {
      const made = project({
        '0001_initial.ts': migration(`${TABLE('A')}, ${TABLE('B')}`),
        '0002_c.ts': migration(TABLE('C')),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await app.db.query('DELETE FROM bowerbird_migrations');
        await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_failed' });
        await app.db.query('DELETE FROM bowerbird_migrations');
        expect((await made.migrate(app, undefined, { fakeInitial: true })).lines).toEqual([
          'Applying shop 0001_initial',
          '  only written down: its tables are there already',
          expect.stringContaining('done'),
          'Applying shop 0002_c',
          '  - Create entity C',
          expect.stringContaining('done'),
        ]);
        await made.migrate(app, 'zero', { fake: true });
        await app.db.query('DROP TABLE b');
        await expect(made.migrate(app, undefined, { fakeInitial: true })).rejects.toMatchObject({
          code: 'orm.migration_history',
          message: expect.stringContaining('table "b" is missing'),
          hint: expect.stringContaining('migrate shop 0001_initial --fake'),
        });
      });
    });

    it('migrate --check tells what is to be done by its exit code, and --dry-run shows it', async () => {
      const made = project({ '0001_initial.ts': migration(TABLE('A')) });
      await made.with([], async (app) => {
        const check = () => made.run(app, MigrateCommand, {}, { check: true });
        expect((await check()).lines).toEqual(['Applying shop 0001_initial', 'exit 1']);
        const shown = await made.migrate(app, undefined, { dryRun: true });
        expect(shown.text).toMatch(/^-- Applying shop 0001_initial\n-- {3}Create entity A\nCREATE TABLE [^]*;$/);
        await made.migrate(app);
        expect((await check()).lines).toEqual(['exit 0']);
        const [status] = await app.get(Migrator).status();
        expect(status).toMatchObject({ status: 'applied', duration: expect.any(Number), failure: null, squashed: 0 });
      });
    });

    it('sqlmigrate prints what migrate would run, both ways', async () => {
      const made = project({
        '0001_initial.ts': migration(TABLE('A')),
        '0002_b.ts': migration(
          "ops.alterField('A', 'name', ops.string({ length: 9 })), ops.sql('SELECT 1', 'SELECT 2')",
        ),
        '0003_stuck.ts': migration("ops.sql('SELECT 3')"),
      });
      await made.with([], async (app) => {
        const args = { app: 'shop', migration: '0002' };
        await made.migrate(app, '0001');
        const planned = (await made.migrate(app, '0002', { plan: true })).lines.slice(1);
        const own = await made.run(
          app,
          SqlMigrateCommand,
          args,
          suite.dialect === 'mysql' ? { dialect: 'mariadb' } : {},
        );
        for (const line of planned) expect(own.lines).toContain(line);
        const back = await made.run(app, SqlMigrateCommand, args, { backward: true });
        expect(back.text).toMatch(/^-- Take back shop.0002_b[^]*SELECT 2;[^]*Undo: Alter field name of A/);
        await expect(
          made.run(app, SqlMigrateCommand, { app: 'shop', migration: '0003' }, { backward: true }),
        ).rejects.toMatchObject({ code: 'orm.migration_irreversible' });
        await expect(made.run(app, SqlMigrateCommand, args, { dialect: 'oracle' })).rejects.toMatchObject({
          code: 'core.command',
          hint: 'sqlite, postgres, mysql, mariadb',
        });
        for (const app_ of ['shop', 'sho'])
          await expect(made.run(app, SqlMigrateCommand, { app: app_, migration: '0009' })).rejects.toMatchObject({
            code: app_ === 'shop' ? 'orm.unknown_migration' : 'orm.unknown_app',
          });
      });
    });

    it('forgetpending deletes what is applied nowhere, and nothing else', async () => {
      const made = project({
        '0001_initial.ts': migration(TABLE('A')),
        '0002_b.ts': migration(TABLE('B')),
        '0003_c.ts': migration(TABLE('C')),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        const forget = (options: Record<string, unknown>, io?: RecordedIo) =>
          made.run(app, ForgetPendingCommand, { apps: ['shop'] }, options, io);
        expect((await forget({ dryRun: true })).lines).toEqual(['shop.0002_b', 'shop.0003_c', 'exit 0']);
        await expect(forget({})).rejects.toMatchObject({ code: 'core.command', hint: 'Agree with --yes' });
        await expect(forget({}, new RecordedIo(['n']))).rejects.toMatchObject({ code: 'core.command' });
        expect(made.files).toHaveLength(3);
        await forget({}, new RecordedIo(['y']));
        expect(made.files).toEqual(['0001_initial.ts']);
      });
      const applied = project({ '0001_initial.ts': migration(TABLE('A')) });
      await applied.with([], async (app) => {
        const io = await applied.run(app, ForgetPendingCommand, { apps: ['shop'] }, { yes: true });
        expect(io.lines).toEqual(['Nothing is pending.', 'exit 0']);
        expect(applied.files).toHaveLength(1);
      });
    });

    it('makemigrations --update writes into the last file while that is applied nowhere', async () => {
      const made = project();
      await made.with([note()], (app) => made.make(app));
      await made.with([note('title')], async (app) => {
        const io = await made.make(app, { update: true, fill: ['shop.Note.title=x'] });
        expect(io.lines.slice(0, 2)).toEqual(['shop: 0001_initial', '  - Create entity Note']);
        expect(made.files).toEqual(['0001_initial.ts']);
      });
      const next = project({ '0001_initial.ts': made.read('0001_initial.ts') });
      await next.with([note('title')], async (app) => {
        expect((await next.make(app, { update: true })).text).toBe('No changes detected.\nexit 0');
        await next.migrate(app);
        expect(await app.db.query('SELECT title FROM note')).toEqual([]);
      });
      await next.with([note('title', 'more')], async (app) => {
        await expect(next.make(app, { update: true, fill: ['shop.Note.more=x'] })).rejects.toMatchObject({
          message: 'shop.0001_initial is applied to "default" and cannot be updated',
        });
        expect(next.read('0001_initial.ts')).toBe(made.read('0001_initial.ts'));
      });
    });

    it.runIf(suite.dialect !== 'sqlite')('migrate lets others pass while a table is in use, then goes on', async () => {
      const made = project({
        '0001_initial.ts': migration(TABLE('A')),
        '0002_b.ts': migration("ops.addField('A', 'b', ops.integer(), { fill: 1 })"),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        const user = app.db.dataSource.createQueryRunner();
        await user.startTransaction();
        await user.query('SELECT * FROM a');
        let locked = 0;
        await app.get(Migrator).migrate({
          lockTimeout: '1s',
          progress: {
            locked: () => {
              locked += 1;
              if (locked === 2) void user.commitTransaction();
            },
          },
        });
        await user.release();
        expect(locked).toBeGreaterThanOrEqual(2);
        expect(await app.db.query('SELECT b FROM a')).toEqual([]);
        expect(await made.show(app)).toBe('shop\n [X] 0001_initial\n [X] 0002_b');
        await expect(made.migrate(app, undefined, { lockTimeout: 'soon' })).rejects.toMatchObject({
          code: 'core.command',
          message: '"soon" is no duration',
        });
      });
    });

    it('migrate gives up when it never gets its lock, says who may have it, and is completed by the next one', async () => {
      const made = project({
        '0001_initial.ts': migration(TABLE('A')),
        '0002_b.ts': migration("ops.addField('A', 'b', ops.integer(), { fill: 1 })"),
      });
      const other = await openOrm({ database: suite.url, entities: [], synchronize: false });
      const options = { busyTimeout: '100ms' } as const;
      const app = await openOrm({
        database: suite.url,
        entities: [],
        synchronize: false,
        app: { migrations: made.folder },
        ...(suite.dialect === 'sqlite' && { options }),
      });
      await made.migrate(app, '0001');
      const holder = other.db.dataSource.createQueryRunner();
      const given = { lockTimeout: '200ms', lockRetries: '2' };
      const attempt = new RecordedIo();
      try {
        await holder.startTransaction();
        await holder.query("INSERT INTO a (name) VALUES ('theirs')");
        await expect(made.migrate(app, undefined, given, attempt)).rejects.toMatchObject({
          code: 'orm.migration_locked',
          message: expect.stringMatching(/^shop\.0002_b did not get a lock in 3 attempt\(s\): /),
          hint: expect.stringMatching(/--lock-retries\. (See whose: SELECT|Another process)/),
        });
      } finally {
        await holder.commitTransaction();
        await holder.release();
      }
      expect(attempt.errors).toEqual(Array(2).fill('  A table is in use; letting others pass, then trying again…'));
      await made.migrate(app, undefined, given);
      expect(await app.db.query('SELECT name, b FROM a')).toEqual([{ name: 'theirs', b: 1 }]);
      for (const [name, text] of [
        ['lockRetries', '-1'],
        ['lockRetries', 'many'],
        ['lockTimeout', 'soon'],
      ] as const)
        await expect(made.migrate(app, undefined, { [name]: text })).rejects.toMatchObject({ code: 'core.command' });
      await app.close();
      await other.close();
    });

    it('makemigrations writes the answers that somebody gives into a file that answers the same again', async () => {
      const before = [note('title', 'old', 'gone')];
      const after = [note('headline', 'fresh', 'slug')];
      const made = project();
      await made.evolve(before, { fill: [] });
      const base = Object.fromEntries(made.files.map((name) => [name, made.read(name)]));
      const file = join(mkdtempSync(join(tmpdir(), 'answers-')), 'deep', 'answers.json');
      const person = new RecordedIo(['y', 'n', 'y', '"it\'s"']);
      await made.with(after, async (app) => {
        await made.make(app, { writeAnswers: file, replace: ['shop.Note.gone:fresh'], dryRun: true }, person);
        expect(made.files).toEqual(['0001_initial.ts']);
        await made.make(app, { answers: file });
      });
      expect(person.questions).toHaveLength(4);
      expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
        rename: ['shop.Note.old:slug', 'shop.Note.title:headline'],
        replace: ['shop.Note.gone:fresh', 'shop.Note.old:fresh'],
        fill: { 'shop.Note.fresh': "it's" },
      });
      const again = project(base);
      await again.with(after, async (app) => {
        const copy = `${file}.copy`;
        await again.make(app, { answers: file, writeAnswers: copy });
        expect(readFileSync(copy, 'utf8')).toBe(readFileSync(file, 'utf8'));
      });
      expect(again.files).toEqual(made.files);
      for (const name of made.files) expect(again.read(name)).toBe(made.read(name));
      await again.with(after, async (app) => {
        await expect(again.make(app, { writeAnswers: '/proc/answers.json' })).rejects.toMatchObject({
          code: 'core.command',
          message: expect.stringContaining('/proc/answers.json cannot be written'),
        });
      });
    });

    it('makemigrations removes nothing that was to be renamed and cannot be', async () => {
      const made = project();
      await made.evolve([note('title')]);
      const number = note();
      Column({ type: 'int' })(number.prototype, 'code');
      await made.with([number], async (app) => {
        for (const name of ['shop.Note.title:code', 'shop.Note.titel:code', 'shop.Note.title:cod']) {
          const options = { rename: [name], fill: ['shop.Note.code=1'] };
          await expect(made.make(app, options)).rejects.toMatchObject({
            code: 'core.command',
            message: `Nothing can be renamed by ${name}, and what it names would be removed or added instead`,
            hint: expect.stringContaining(`--replace ${name}`),
          });
        }
        expect(made.files).toEqual(['0001_initial.ts']);
        await made.make(app, { rename: ['shop.Old.a:b'], fill: ['shop.Note.code=1'] });
        expect(made.files).toHaveLength(2);
      });
    });

    it('makemigrations takes its answers from a file, and flags before it', async () => {
      const made = project();
      await made.evolve([note('title', 'old')], { fill: [] });
      await made.with([note('headline', 'fresh', 'slug')], async (app) => {
        await app.db.query("INSERT INTO note (text, title, old) VALUES ('T', 'kept', 'gone')");
        const answers = answersIn(
          JSON.stringify({
            rename: ['shop.Note.title:headline'],
            replace: ['shop.Note.old:fresh', 'shop.Note.old:slug'],
            fill: { 'shop.Note.fresh': 'f', 'shop.Note.slug': { sql: 'LOWER(text)' } },
          }),
        );
        await expect(made.make(app)).rejects.toMatchObject({ code: 'orm.migration_question' });
        await made.make(app, { answers, fill: ['shop.Note.fresh=flag'] });
        await made.migrate(app);
        expect(await app.db.query('SELECT headline, fresh, slug FROM note')).toEqual([
          { headline: 'kept', fresh: 'flag', slug: 't' },
        ]);
      });
      await made.with([note('headline', 'fresh', 'slug')], async (app) => {
        const cases: readonly (readonly [string, RegExp])[] = [
          ['{ "renames": [] }', /unknown key "renames". Did you mean "rename"\?/],
          ['{ "rename": "x" }', /"rename" must be a list of names/],
          ['{ "fill": [] }', /"fill" must be an object of values by field/],
          ['[]', /it must hold an object/],
          ['{', /cannot be read as answers/],
        ];
        for (const [text, message] of cases) {
          await expect(made.make(app, { answers: answersIn(text) })).rejects.toMatchObject({
            code: 'core.command',
            message: expect.stringMatching(message),
          });
        }
        await expect(made.make(app, { answers: '/nowhere.json' })).rejects.toMatchObject({ code: 'core.command' });
      });
    });
  });
});

describe('migrations that the app brings itself', () => {
  const initial = new Migration({
    operations: [ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })],
  });

  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('run without a folder, and new ones are written where the app says', async () => {
      const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'modules', 'listed-'))}/`);
      writeFileSync(new URL('0001_initial.ts', folder), '');
      const app = await openOrm({
        database: suite.url,
        entities: [note('title')],
        synchronize: false,
        app: { migrations: { folder, files: [['0001_initial', initial]] } },
      });
      const made = new EvolvingProject(suite.url);
      expect((await made.migrate(app)).text).toContain('Applying shop 0001_initial');
      expect(await app.db.query('SELECT * FROM note')).toEqual([]);
      const io = await made.make(app, { fill: ['shop.Note.title=x'] });
      expect(io.text).toContain('Add it to `migrations` of the app.');
      expect(readdirSync(folder)).toEqual(['0001_initial.ts', '0002_note_title.ts']);
      await expect(made.make(app)).rejects.toMatchObject({
        message: 'App "shop" has migrations that its @App does not list: 0002_note_title',
      });
      expect((await made.migrate(app)).errors).toEqual([expect.stringContaining('0002_note_title')]);
      await app.close();
    });
  });

  it('are named like files, and are migrations', async () => {
    const cases = [
      [['initial', initial], 'App "shop" lists "initial", which is not named like a migration'],
      [['0001_initial', {}], 'App "shop" lists 0001_initial without a migration'],
    ] as const;
    for (const [file, message] of cases) {
      const app = await openOrm({
        database: 'sqlite::memory:',
        entities: [],
        synchronize: false,
        app: { migrations: [file as [string, Migration]] },
      });
      await expect(app.get(Migrator).migrate()).rejects.toMatchObject({ code: 'orm.migration_file', message });
      await app.close();
    }
  });
});
