import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

import { Injectable } from '@nestjs/common';
import { CheckRunner, CoreModule, SecretKeys, type Class } from 'bowerbird/core';
import { AfterMigrate, MigrateHook, Migrator, syncSchema } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { DIALECTS, eachDatabase, openOrm, SERVERS } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

function note(...columns: readonly string[]): Class {
  @Entity()
  class Note {
    @PrimaryGeneratedColumn() id: number;
    @Column() text: string;
  }
  for (const name of columns) Column({ type: 'varchar', default: '' })(Note.prototype, name);
  return Note;
}

const migration = (operations: string, dependencies = '[]'): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ dependencies: ${dependencies}, operations: [${operations}] });\n`;

const TABLE = (name: string, table = name.toLowerCase()): string =>
  `ops.createEntity('${name}', { table: '${table}', fields: { id: ops.id() } })`;

describe('migrate', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, made.folder), text);
      return made;
    };

    it('prints each step, writes it down and has nothing to do the second time', async () => {
      const made = project({ '0001_initial.ts': migration(TABLE('A')), '0002_b.ts': migration(TABLE('B')) });
      await made.with([], async (app) => {
        expect((await made.migrate(app)).lines.filter((line) => !line.startsWith('  done'))).toEqual([
          'Applying shop 0001_initial',
          '  - Create entity A',
          'Applying shop 0002_b',
          '  - Create entity B',
        ]);
        expect((await made.migrate(app)).text).toBe('Nothing to migrate.');
        const rows = await app.db.query<Record<string, unknown>[]>('SELECT * FROM bowerbird_migrations ORDER BY name');
        expect(rows).toMatchObject([
          { app: 'shop', name: '0001_initial', checksum: expect.stringMatching(/^[0-9a-f]{64}$/) },
          { app: 'shop', name: '0002_b' },
        ]);
        expect(await made.show(app)).toBe('shop\n [X] 0001_initial\n [X] 0002_b');
      });
    });

    it('shows the statements without running them', async () => {
      const made = project({ '0001_initial.ts': migration(TABLE('A')) });
      await made.with([], async (app) => {
        expect((await made.migrate(app, undefined, { plan: true })).text).toMatch(
          /-- Applying shop 0001_initial[^]*CREATE TABLE .a./,
        );
        expect(await made.show(app)).toContain('[ ] 0001_initial');
        await expect(app.db.query('SELECT * FROM a')).rejects.toThrow();
      });
    });

    it('goes to a migration by its number, back to zero, and fakes', async () => {
      const made = project({ '0001_initial.ts': migration(TABLE('A')), '0002_b.ts': migration(TABLE('B')) });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await expect(app.db.query('SELECT * FROM b')).rejects.toThrow();
        await made.migrate(app, '0002', { fake: true });
        expect(await made.show(app)).toContain('[X] 0002_b');
        await made.migrate(app, '0001', { fake: true });
        await made.migrate(app);
        expect(await app.db.query('SELECT * FROM b')).toEqual([]);
        expect((await made.migrate(app, 'zero')).lines.filter((line) => line.startsWith('Taking'))).toEqual([
          'Taking back shop 0002_b',
          'Taking back shop 0001_initial',
        ]);
        await expect(app.db.query('SELECT * FROM a')).rejects.toThrow();
        await expect(made.migrate(app, '0003')).rejects.toMatchObject({ code: 'orm.unknown_migration' });
      });
    });

    it('keeps nothing of a failed migration, or goes on from the step that failed', async () => {
      const broken = `${TABLE('A')}, ops.sql('INSERT INTO missing VALUES (1)', []), ${TABLE('B')}`;
      const made = project({ '0001_initial.ts': migration(broken) });
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_failed',
          message: expect.stringContaining('shop.0001_initial: Run SQL'),
          hint: 'The statement was: INSERT INTO missing VALUES (1)',
        });
        const kept = app.db.query('SELECT * FROM a');
        if (suite.dialect === 'mysql') expect(await kept).toEqual([]);
        else await expect(kept).rejects.toThrow();
        await app.db.query('CREATE TABLE missing (id int)');
        await made.migrate(app);
        expect(await app.db.query('SELECT * FROM missing')).toHaveLength(1);
        expect(await app.db.query('SELECT * FROM b')).toEqual([]);
      });
    });

    it.runIf(suite.dialect === 'mysql')(
      'does not mind that a killed process had finished its step',
      { timeout: 120_000 },
      async () => {
        const operations = [
          TABLE('A'),
          "ops.createEntity('B', { table: 'b', fields: { id: ops.id(), a: ops.manyToOne('A', { columns: { aId: 'id' } }) } })",
          "ops.addField('A', 'name', ops.string({ length: 10 }), { fill: 'x' })",
          "ops.addUnique('A', { fields: ['name'] })",
          "ops.renameField('A', 'name', 'title')",
          "ops.alterField('A', 'title', ops.string({ length: 20, nullable: true }))",
          "ops.removeField('B', 'a')",
          "ops.renameTable('A', 'renamed')",
          "ops.addCheck('A', { name: 'CHK_title', expression: \"title <> ''\" })",
          "ops.removeCheck('A', { name: 'CHK_title', expression: \"title <> ''\" })",
          "ops.dropEntity('B')",
        ].join(', ');
        const made = project({ '0001_initial.ts': migration(operations) });
        await made.with([], async (app) => {
          const plan = await app.get(Migrator).plan();
          const steps = plan[0]!.operations.flatMap((operation) => operation.steps);
          expect(steps.length).toBeGreaterThan(15);
          for (let done = 0; done < steps.length; done += 1) {
            await app.get(Migrator).migrate({ app: 'shop', name: 'zero' });
            for (const step of steps.slice(0, done + 1)) if (!step.startsWith('--')) await app.db.query(step);
            const digest = createHash('sha256').update(steps.slice(0, done).join('\0')).digest('hex');
            await app.db.query(
              'INSERT INTO bowerbird_migrations (app, name, checksum, status, step, digest) VALUES (?, ?, ?, ?, ?, ?)',
              ['shop', '0001_initial', 'x', 'forward', done, digest],
            );
            await app.get(Migrator).migrate();
            expect(await app.db.query('SELECT title FROM renamed')).toEqual([]);
          }
          const [back] = await app.get(Migrator).plan({ app: 'shop', name: 'zero' });
          const undo = back!.operations.flatMap((operation) => operation.steps);
          expect(undo.length).toBeGreaterThan(15);
          for (let done = 0; done < undo.length; done += 3) {
            for (const step of undo.slice(0, done + 1)) if (!step.startsWith('--')) await app.db.query(step);
            const digest = createHash('sha256').update(undo.slice(0, done).join('\0')).digest('hex');
            await app.db.query("UPDATE bowerbird_migrations SET status = 'backward', step = ?, digest = ?", [
              done,
              digest,
            ]);
            await app.get(Migrator).migrate();
            expect(await app.db.query('SELECT title FROM renamed')).toEqual([]);
          }
        });
      },
    );

    it.runIf(suite.dialect === 'mysql')(
      'refuses to go on when the steps that are done are not those of the file',
      async () => {
        const made = project({
          '0001_initial.ts': migration(`${TABLE('A')}, ops.sql('INSERT INTO missing VALUES (1)', [])`),
        });
        await made.with([], async (app) => {
          await expect(made.migrate(app)).rejects.toThrow(/missing/);
          expect(await made.show(app)).toContain(
            '[~] 0001_initial  (broken off: run migrate again; shop.0001_initial: Run SQL: ',
          );
          await expect(made.migrate(app)).rejects.toThrow(/missing/);
          await app.db.query("UPDATE bowerbird_migrations SET digest = 'other'");
          await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_history' });
        });
      },
    );

    it('moves data with code and with SQL for each database', async () => {
      const code = `ops.code(async (db) => {
        await db.query('INSERT INTO a (id, name) VALUES (?, ?)', [7, "it's? \\\\ ü"]);
        const [row] = await db.query('SELECT name FROM a WHERE id = ?', [7]);
        await db.query('INSERT INTO a (id, name) VALUES (?, ?)', [8, row.name]);
      }, async (db) => { await db.query('DELETE FROM a'); })`;
      const sql = `ops.sql([{ postgres: "UPDATE a SET name = name || '!'", sqlite: "UPDATE a SET name = name || '!'", mysql: "UPDATE a SET name = CONCAT(name, '!')" }], [])`;
      const made = project({
        '0001_initial.ts': migration(
          "ops.createEntity('A', { table: 'a', fields: { id: ops.id(), name: ops.string() } })",
        ),
        '0002_data.ts': migration(`${code}, ${sql}`),
      });
      await made.with([], async (app) => {
        await made.migrate(app);
        expect(await app.db.query('SELECT id, name FROM a ORDER BY id')).toEqual([
          { id: 7, name: "it's? \\ ü!" },
          { id: 8, name: "it's? \\ ü!" },
        ]);
        await made.migrate(app, '0001');
        expect(await app.db.query('SELECT * FROM a')).toEqual([]);
      });
    });

    it('takes code and SQL back only where they say how', async () => {
      const made = project({ '0001_initial.ts': migration(`${TABLE('A')}, ops.sql('SELECT 1')`) });
      await made.with([], async (app) => {
        await made.migrate(app);
        await expect(made.migrate(app, 'zero')).rejects.toMatchObject({ code: 'orm.migration_irreversible' });
        expect(await app.db.query('SELECT * FROM a')).toEqual([]);
      });
    });

    it('tells of files that are broken, twice there or missing', async () => {
      const cases: readonly (readonly [Record<string, string>, string, RegExp])[] = [
        [{ '0001_initial.ts': 'export default {}' }, 'orm.migration_file', /no migration as its default export/],
        [{ '0001_initial.ts': 'nonsense (' }, 'orm.migration_file', /cannot be imported/],
        [{ '1_initial.ts': migration('') }, 'orm.migration_file', /not named like a migration/],
        [
          { '0001_a.ts': migration(''), '0001_b.ts': migration('') },
          'orm.migration_conflict',
          /"shop" has 2 last migrations: 0001_a, 0001_b/,
        ],
        [
          { '0001_a.ts': migration(''), '0003_b.ts': migration('') },
          'orm.migration_history',
          /no migration of number 2/,
        ],
        [
          { '0001_a.ts': migration('', "[['auth', '0001_initial']]") },
          'orm.migration_dependency',
          /auth.0001_initial, which does not exist/,
        ],
        [
          { '0001_a.ts': migration("ops.removeField('A', 'b')") },
          'orm.migration_state',
          /shop.0001_a, operation 1 .*no entity shop.A/,
        ],
      ];
      for (const [files, code, message] of cases) {
        const made = project(files);
        await made.with([], async (app) => {
          await expect(made.migrate(app)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
        });
      }
    });

    it('refuses a history in which something was put in between', async () => {
      const made = project({ '0001_initial.ts': migration(TABLE('A')), '0002_b.ts': migration(TABLE('B')) });
      await made.with([], async (app) => {
        await made.migrate(app);
        await app.db.query("DELETE FROM bowerbird_migrations WHERE name = '0001_initial'");
        await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_history' });
      });
    });

    it('runs the hooks after it and leaves nothing pending', async () => {
      const calls: string[][] = [];
      @AfterMigrate()
      @Injectable()
      class Collects extends MigrateHook {
        async afterMigrate(descriptions: Parameters<MigrateHook['afterMigrate']>[0]): Promise<void> {
          calls.push(descriptions.map(({ key }) => key));
        }
      }
      const made = project({ '0001_initial.ts': migration(TABLE('Note')), '0002_x.ts': migration(TABLE('X')) });
      const app = await openOrm({
        database: suite.url,
        entities: [note()],
        synchronize: false,
        app: { migrations: made.folder },
        providers: [Collects],
      });
      const migrator = app.get(Migrator);
      await migrator.migrate({ app: 'shop', name: '0001' });
      expect(calls).toEqual([]);
      expect((await migrator.pending()).map(({ file }) => file.name)).toEqual(['0002_x']);
      await migrator.migrate();
      await migrator.migrate();
      expect(calls).toEqual([['shop.note'], ['shop.note']]);
      await app.close();
    });
  });
});

describe('makemigrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('writes, checks, shows and names migrations', async () => {
      const made = new EvolvingProject(suite.url);
      await made.with([note()], async (app) => {
        expect((await made.make(app, { check: true })).lines).toEqual([
          'shop: 0001_initial is missing',
          '  - Create entity Note',
          'exit 1',
        ]);
        expect((await made.make(app, { dryRun: true })).text).toContain("ops.createEntity('Note', {");
        expect(made.files).toEqual([]);
        await made.make(app);
        expect((await made.make(app)).text).toBe('No changes detected.\nexit 0');
        await made.make(app, { empty: true, name: 'move_data' }, new RecordedIo(), ['shop']);
        expect(made.files).toEqual(['0001_initial.ts', '0002_move_data.ts']);
        expect(made.read('0002_move_data.ts')).toContain('operations: []');
        await expect(made.make(app, { name: '../x' })).rejects.toMatchObject({ code: 'core.command' });
      });
      await made.with([note('title', 'slug')], async (app) => {
        await made.make(app);
        expect(made.files.at(-1)).toBe('0003_note_title_note_slug.ts');
      });
    });

    it('needs an answer before it takes a new field for a renamed one', async () => {
      const made = new EvolvingProject(suite.url);
      await made.evolve([note('title')]);
      await made.with([note('headline')], async (app) => {
        await app.db.query("INSERT INTO note (text, title) VALUES ('t', 'kept')");
        await expect(made.make(app)).rejects.toMatchObject({ code: 'orm.migration_question' });
        expect((await made.make(app, { dryRun: true, replace: ['all'] })).lines).toContain(
          '  - Remove field title from Note',
        );
        const io = await made.make(app, {}, new RecordedIo(['y']));
        expect(io.questions).toEqual(['Was the field shop.Note.title renamed to headline? [y/N]']);
        await made.migrate(app);
        expect(await app.db.query('SELECT headline FROM note')).toEqual([{ headline: 'kept' }]);
      });
    });
  });
});

describe('checks of migrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const findings = async (made: EvolvingProject, entities: readonly Class[]): Promise<readonly string[]> => {
      const core = CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4)));
      const app = await openOrm({
        database: suite.url,
        entities,
        synchronize: false,
        app: { migrations: made.folder },
        imports: [core],
      });
      const report = await app.get(CheckRunner).run({ areas: ['orm'] });
      await app.close();
      return report.findings
        .map(({ id, message, hint }) => `${id} ${message} ${hint}`)
        .filter((line) => /[EW]02/.test(line));
    };

    it('name what is missing, pending, changed or broken, with the command to run', async () => {
      const made = new EvolvingProject(suite.url);
      expect(await findings(made, [note()])).toEqual([
        'orm.W021 The entities of "shop" differ from its migrations: Create entity Note Run: makemigrations shop',
      ]);
      await made.with([note()], (app) => made.make(app));
      expect(await findings(made, [note()])).toEqual([
        'orm.W020 1 migration(s) are not applied to "default": shop.0001_initial Run: migrate',
      ]);
      await made.with([note()], (app) => made.migrate(app));
      expect(await findings(made, [note()])).toEqual([]);
      await made.with([note()], (app) => app.db.query("UPDATE bowerbird_migrations SET checksum = 'x'"));
      expect(await findings(made, [note()])).toEqual([
        expect.stringContaining('orm.W022 shop.0001_initial says something else'),
      ]);
      await made.with([note()], async (app) => {
        expect((await made.migrate(app)).errors).toEqual([
          'Warning: shop.0001_initial says something else than when it was applied',
        ]);
      });
      writeFileSync(new URL('0002_bad.ts', made.folder), 'export default 1');
      expect(await findings(made, [note()])).toEqual([expect.stringContaining('orm.E020')]);
    });
  });
});

describe('small connections', () => {
  it('need no more than one connection beside the lock on PostgreSQL', async () => {
    if (!DIALECTS.includes('postgres')) return;
    const made = new EvolvingProject(SERVERS.postgres!);
    const app = await openOrm({
      database: { url: SERVERS.postgres!, pool: { max: 1 } },
      entities: [],
      synchronize: false,
      app: { migrations: made.folder },
    });
    expect(await app.get(Migrator).plan()).toEqual([]);
    expect(await app.get(Migrator).migrate()).toEqual([]);
    await app.close();
  });

  it('migrate a database in memory', async () => {
    const made = new EvolvingProject('sqlite::memory:');
    writeFileSync(new URL('0001_initial.ts', made.folder), migration(TABLE('A')));
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [],
      synchronize: false,
      app: { migrations: made.folder },
    });
    expect(await app.get(Migrator).migrate()).toHaveLength(1);
    expect(await app.db.query('SELECT * FROM a')).toEqual([]);
    await app.close();
  });
});

describe('syncSchema', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('follows migrate for entities without files', async () => {
      const app = await openOrm({
        database: suite.url,
        entities: [note()],
        synchronize: false,
        app: { migrations: false },
      });
      expect(await app.get(Migrator).migrate()).toEqual([]);
      expect(await app.get(Migrator).syncSchema()).toEqual(['note']);
      expect(await syncSchema(app.db)).toEqual([]);
      await app.close();
    });
  });
});
