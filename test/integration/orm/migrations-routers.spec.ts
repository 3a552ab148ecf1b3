import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import {
  CheckRunner,
  CoreModule,
  SecretKeys,
  SettingsProblems,
  type Class,
  type ManagementCommand,
} from 'bowerbird/core';
import {
  App,
  CheckDriftCommand,
  Databases,
  DumpDataCommand,
  FlushCommand,
  LoadDataCommand,
  MigrateCommand,
  Migration,
  MigrationLinter,
  Migrator,
  ops,
  OrmModule,
  resolveOrm,
  ShowMigrationsCommand,
  SqlMigrateCommand,
  type DatabaseRouter,
} from 'bowerbird/orm';
import { type TestDatabase } from 'bowerbird/testing';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, eachDatabase } from '../../support/databases.js';
import { RecordedIo } from './migrations.support.js';

@Entity()
class Person {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

@Entity()
class Article {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Person, { nullable: true }) author: Relation<Person> | null;
}

@Entity()
class Visit {
  @PrimaryGeneratedColumn() id: number;
  @Column() path: string;
}

const people = new Migration({
  operations: [ops.createEntity('Person', { table: 'person', fields: { id: ops.id(), name: ops.string() } })],
});
const initial = new Migration({
  dependencies: [['people', '0001_initial']],
  operations: [
    ops.createEntity('Article', {
      table: 'article',
      fields: {
        id: ops.id(),
        title: ops.string(),
        author: ops.manyToOne('people.Person', { columns: { authorId: 'id' }, nullable: true }),
      },
    }),
    ops.createEntity('Visit', { table: 'visit', fields: { id: ops.id() } }),
  ],
});
const paths = new Migration({
  operations: [
    ops.addField('Visit', 'path', ops.string(), { fill: '/' }),
    ops.sql("INSERT INTO article (title) VALUES ('made by a migration')", []),
  ],
});
const titles = new Migration({
  operations: [ops.addIndex('Article', { fields: ['title'], name: 'by_title' })],
});

@App({ name: 'people', entities: [Person], migrations: [['0001_initial', people]] })
@Module({})
class People {}

@App({
  name: 'news',
  entities: [Article, Visit],
  migrations: [
    ['0001_initial', initial],
    ['0002_paths', paths],
    ['0003_titles', titles],
  ],
})
@Module({})
class News {}

/** Visits are in the archive alone, which has a copy of the people, and nothing of anything else. */
const router: DatabaseRouter = {
  migrate: (database, { name }) => {
    if (name === 'Visit') return database === 'archive';
    return database === 'archive' ? (name === 'Person' ? 'copy' : false) : undefined;
  },
};

async function boot(main: string, archive: string): Promise<TestingModule> {
  const settings = { apps: [People, News], database: main, databases: { archive }, routers: [router] };
  const config = resolveOrm(settings, new SettingsProblems(), { root: pathToFileURL('/srv/') });
  const module = await Test.createTestingModule({
    imports: [
      CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4))),
      OrmModule.forRoot(config),
      People,
      News,
    ],
  }).compile();
  await module.init();
  return module;
}

const COPY = {
  sqlite: 'CREATE TABLE person (id integer PRIMARY KEY, name varchar(255))',
  postgres: 'CREATE TABLE person (id integer PRIMARY KEY, name varchar(255))',
  mysql: 'CREATE TABLE person (id int PRIMARY KEY, name varchar(255))',
} as const;

describe('migrations of databases among which routers share the tables out', () => {
  eachDatabase((suite) => {
    let made: TestDatabase[];
    let module: TestingModule;
    beforeAll(async () => {
      made = [await createDatabase(suite.dialect), await createDatabase(suite.dialect)];
      module = await boot(made[0]!.url, made[1]!.url);
    });
    afterAll(async () => {
      await module.close();
      for (const database of made) await database.drop();
    });

    const run = async (
      command: Class<ManagementCommand>,
      args: Record<string, string | string[]>,
      options: Record<string, unknown> = {},
    ): Promise<RecordedIo> => {
      const io = new RecordedIo();
      io.lines.push(`exit ${(await module.get(command).run({ args, options }, io)) ?? 0}`);
      return io;
    };
    const archive = { database: 'archive' };
    const archived = () => module.get(Databases).get('archive');

    it('print just what would run on the one that is named', async () => {
      const sql = async (migration: string, options: Record<string, unknown> = {}) =>
        (await run(SqlMigrateCommand, { app: 'news', migration }, { dialect: 'postgres', ...options })).text;
      expect(await sql('1')).toMatch(/CREATE TABLE "article"[^]*$/);
      expect(await sql('1')).not.toContain('visit');
      expect(await sql('1', archive)).toMatch(
        /^-- news.0001_initial \(postgres\)\nBEGIN;\n-- {3}Create entity Visit\n/,
      );
      expect(await sql('1', archive)).not.toContain('article');
      expect(await sql('2')).toContain('made by a migration');
      expect(await sql('2')).not.toContain('visit');
      expect(await sql('2', archive)).toContain('ALTER TABLE "visit" ADD COLUMN "path"');
      expect(await sql('2', archive)).not.toContain('made by a migration');
      expect(await sql('3', archive)).toBe(
        '-- news.0003_titles (postgres)\n-- Nothing of it is in the database "archive"\nexit 0',
      );
      await expect(sql('1', { database: 'nowhere' })).rejects.toMatchObject({ code: 'orm.unknown_database' });
    });

    it('plan, run and list what is there', async () => {
      const plan = (await run(MigrateCommand, {}, { ...archive, plan: true })).lines;
      expect(plan.filter((line) => /^-- (Applying| )/.test(line))).toEqual([
        '-- Applying people 0001_initial',
        '--   only written down: nothing of it is in this database',
        '-- Applying news 0001_initial',
        '--   Create entity Visit',
        '-- Applying news 0002_paths',
        '--   Add field path to Visit',
        '-- Applying news 0003_titles',
        '--   only written down: nothing of it is in this database',
      ]);
      expect(await run(ShowMigrationsCommand, {}).then(({ lines }) => lines.slice(0, 4))).toEqual([
        'people',
        ' [ ] 0001_initial',
        'news',
        ' [ ] 0001_initial',
      ]);
      await run(MigrateCommand, {});
      const done = await run(MigrateCommand, {}, archive);
      expect(done.lines.filter((line) => /only|^ {2}- /.test(line))).toEqual([
        '  only written down: nothing of it is in this database',
        '  - Create entity Visit',
        '  - Add field path to Visit',
        '  only written down: nothing of it is in this database',
      ]);
      for (const alias of ['default', 'archive']) expect(await module.get(Migrator).pending(alias)).toEqual([]);
      await expect(module.get(Databases).default.query('SELECT * FROM visit')).rejects.toThrow();
      await expect(archived().query('SELECT * FROM article')).rejects.toThrow();
      expect(await archived().query('SELECT path FROM visit')).toEqual([]);
    });

    it('go back to zero and forth again, each on its own', async () => {
      const to = (name: string) => run(MigrateCommand, { app: 'news', migration: name }, { ...archive, force: true });
      expect((await to('zero')).lines.filter((line) => /Taking|Undo/.test(line))).toEqual([
        'Taking back news 0003_titles',
        'Taking back news 0002_paths',
        '  - Undo: Add field path to Visit',
        'Taking back news 0001_initial',
        '  - Undo: Create entity Visit',
      ]);
      await to('0003');
      await expect(run(MigrateCommand, { app: 'people' }, archive)).rejects.toMatchObject({
        code: 'core.command',
        message: 'The database "archive" has nothing of the app "people"',
        hint: 'migrate people --database default',
      });
    });

    it('know a copy of a table that they do not make', async () => {
      const drift = async () => (await run(CheckDriftCommand, {}, { ...archive, unknownTables: true })).lines;
      expect(await drift()).toEqual(['The database is what the migrations say.', 'exit 0']);
      await archived().query(COPY[suite.dialect]);
      expect(await drift()).toEqual(['The database is what the migrations say.', 'exit 0']);
      await archived().query('ALTER TABLE visit ADD COLUMN extra integer');
      expect(await drift()).toEqual(['visit: column "extra" is not known to the migrations', 'exit 1']);
      const { findings } = await module.get(CheckRunner).run();
      expect(findings.filter(({ id }) => id === 'orm.W023').map(({ message }) => message)).toEqual([
        'The database "archive" is not what its migrations say: visit: column "extra" is not known to the migrations',
      ]);
      await archived().query('ALTER TABLE visit DROP COLUMN extra');
    });

    it('are linted for the database that runs them', async () => {
      const lint = (...operations: Parameters<typeof ops.reviewed>[0][]) =>
        module.get(MigrationLinter).ofNew([{ app: 'news', name: '0004_change', dependencies: [], operations }]);
      const [visits] = await lint(ops.removeField('Visit', 'path'));
      expect(visits!.findings.filter(({ rule }) => rule === 'drops-column')).toHaveLength(1);
      expect(await lint()).toEqual([{ app: 'news', name: '0004_change', findings: [] }]);
    });

    it('have dumps of what each of them has, copies too, and loads of what is theirs', async () => {
      await archived().query("INSERT INTO person (id, name) VALUES (1, 'copied')");
      await archived().query("INSERT INTO visit (path) VALUES ('/a')");
      const file = join(mkdtempSync(join(tmpdir(), 'dump-')), 'all.json');
      const dump = async (options: Record<string, unknown>) => {
        await run(DumpDataCommand, { entities: [] }, { output: file, ...options });
        return (JSON.parse(readFileSync(file, 'utf8')) as { entity: string }[]).map(({ entity }) => entity).sort();
      };
      expect(await dump({})).toEqual(['news.article', 'news.visit']);
      expect(await dump({ database: 'default' })).toEqual(['news.article']);
      expect(await dump(archive)).toEqual(['news.visit', 'people.person']);
      await archived().query('DELETE FROM visit');
      await archived().query('DELETE FROM person');
      await run(LoadDataCommand, { fixtures: [file] }, archive);
      expect(await archived().query('SELECT path FROM visit')).toEqual([{ path: '/a' }]);
      expect(await archived().query('SELECT * FROM person')).toEqual([]);
      await archived().query("INSERT INTO person (id, name) VALUES (1, 'copied')");
      await run(FlushCommand, { apps: [] }, { ...archive, yes: true });
      expect(await archived().query('SELECT * FROM visit')).toEqual([]);
      expect(await archived().query('SELECT name FROM person')).toEqual([{ name: 'copied' }]);
    });
  });
});
