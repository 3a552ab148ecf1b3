import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { SettingsProblems, type Class, type CommandInput, type ManagementCommand } from 'bowerbird/core';
import {
  App,
  Database,
  ForgetPendingCommand,
  MakeMigrationsCommand,
  Migrator,
  OrmModule,
  RebaseMigrationsCommand,
  resolveOrm,
  SquashMigrationsCommand,
} from 'bowerbird/orm';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { RecordedIo, wipe } from './migrations.support.js';

@Entity()
class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'varchar', default: '' }) name: string;
  @ManyToOne(() => Post, { nullable: true }) best: Relation<Post> | null;
}

@Entity()
class Post {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Author, { nullable: false }) author: Relation<Author>;
}

const migration = (operations: string, more = ''): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ ${more} operations: [${operations}] });\n`;
const after = (...references: readonly string[]): string =>
  `dependencies: [${references.map((each) => `['${each.split('.').join("', '")}']`).join(', ')}],`;
const TABLE = (name: string): string =>
  `ops.createEntity('${name}', { table: '${name.toLowerCase()}', fields: { id: ops.id() } })`;

/** Two apps, people and blog, whose entities refer to each other in a circle. */
class Project {
  readonly root = mkdtempSync(join(tmpdir(), 'modules', 'apps-'));

  constructor(
    private readonly url: string,
    files: Readonly<Record<string, string>> = {},
    private readonly entities: readonly [readonly Class[], readonly Class[]] = [[], []],
  ) {
    for (const app of ['people', 'blog']) mkdirSync(join(this.root, app));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.root, name), text);
  }

  files(app: string): readonly string[] {
    return readdirSync(join(this.root, app)).sort();
  }

  async with(work: (app: Opened) => Promise<void>): Promise<void> {
    const folder = (app: string) => pathToFileURL(`${join(this.root, app)}/`);
    @App({ name: 'people', entities: this.entities[0], migrations: folder('people') })
    @Module({})
    class PeopleModule {}
    @App({ name: 'blog', entities: this.entities[1], migrations: folder('blog') })
    @Module({})
    class BlogModule {}
    const config = resolveOrm({ apps: [PeopleModule, BlogModule], database: this.url }, new SettingsProblems(), {
      root: pathToFileURL(`${this.root}/`),
    });
    const imports = [OrmModule.forRoot(config), PeopleModule, BlogModule];
    const module = await Test.createTestingModule({ imports }).compile();
    await module.init();
    try {
      await work({ get: (token) => module.get(token as never) });
    } finally {
      await module.close();
    }
  }
}

interface Opened {
  get<T>(token: Class<T>): T;
}

async function run(
  app: Opened,
  command: Class<ManagementCommand>,
  args: CommandInput['args'] = {},
  options: Record<string, unknown> = {},
): Promise<readonly string[]> {
  const io = new RecordedIo();
  await app.get(command).run({ args, options }, io);
  return io.lines;
}

const names = (done: Awaited<ReturnType<Migrator['migrate']>>): readonly string[] =>
  done.map(({ file, direction }) => `${direction === 'forward' ? '' : '-'}${file.app}.${file.name}`);

describe('migrations of several apps', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('cut circles open, name what they follow, and go to any point together', async () => {
      const project = new Project(suite.url, {}, [[Author], [Post]]);
      await project.with(async (app) => {
        await run(app, MakeMigrationsCommand);
        expect([project.files('people'), project.files('blog')]).toEqual([
          ['0001_initial.ts', '0002_author_best.ts'],
          ['0001_initial.ts'],
        ]);
        expect(readFileSync(join(project.root, 'people/0002_author_best.ts'), 'utf8')).toContain(
          "dependencies: [\n    ['people', '0001_initial'],\n    ['blog', '0001_initial'],\n  ],",
        );
      });
      await project.with(async (app) => {
        const migrator = app.get(Migrator);
        expect(await run(app, MakeMigrationsCommand, {}, { check: true })).toEqual(['No changes detected.']);
        expect(names(await migrator.migrate({ app: 'blog' }))).toEqual(['people.0001_initial', 'blog.0001_initial']);
        expect(names(await migrator.migrate())).toEqual(['people.0002_author_best']);
        expect(names(await migrator.migrate({ app: 'blog', name: 'zero' }))).toEqual([
          '-people.0002_author_best',
          '-blog.0001_initial',
        ]);
        expect(names(await migrator.migrate({ app: 'people', name: '2' }))).toEqual([
          'blog.0001_initial',
          'people.0002_author_best',
        ]);
        expect(await app.get(Database).query('SELECT * FROM post')).toEqual([]);
      });
    });

    it('are all written or none, when a folder turns out to be closed midway', async () => {
      const project = new Project(suite.url, {}, [[Author], [Post]]);
      rmSync(join(project.root, 'blog'), { recursive: true });
      symlinkSync('/nowhere/at/all', join(project.root, 'blog'));
      await project.with(async (app) => {
        await expect(run(app, MakeMigrationsCommand)).rejects.toMatchObject({
          code: 'core.command',
          message: expect.stringContaining(`${join(project.root, 'blog')}/0001_initial.ts cannot be written`),
          hint: 'No file was changed',
        });
      });
      expect(readdirSync(project.root, { recursive: true, encoding: 'utf8' }).sort()).toEqual(['blog', 'people']);
    });

    const FILES = {
      'people/0001_initial.ts': migration(TABLE('A')),
      'people/0002_b.ts': migration(TABLE('B'), after('people.0001_initial')),
      'people/0003_c.ts': migration(TABLE('C'), after('people.0002_b')),
      'blog/0001_initial.ts': migration(
        "ops.createEntity('Post', { table: 'post', fields: { id: ops.id(), b: ops.manyToOne('people.B', { columns: { bId: 'id' } }) } })",
        after('people.0002_b'),
      ),
    };

    it('are squashed while others go on naming the originals, also when these are gone', async () => {
      const project = new Project(suite.url, FILES);
      await project.with(async (app) => {
        expect(await run(app, SquashMigrationsCommand, { app: 'people', migrations: ['3'] })).toContain(
          'people: 0001_squashed_0003_c stands for 3 migrations',
        );
      });
      for (const name of ['0001_initial', '0002_b', '0003_c']) rmSync(join(project.root, `people/${name}.ts`));
      await project.with(async (app) => {
        expect(names(await app.get(Migrator).migrate())).toEqual(['people.0001_squashed_0003_c', 'blog.0001_initial']);
        expect(names(await app.get(Migrator).migrate({ app: 'people', name: 'zero' }))).toEqual([
          '-blog.0001_initial',
          '-people.0001_squashed_0003_c',
        ]);
      });
    });

    it('are not squashed over something of another app that must come in between', async () => {
      const project = new Project(suite.url, {
        ...FILES,
        'people/0003_c.ts': migration(TABLE('C'), after('people.0002_b', 'blog.0001_initial')),
      });
      await project.with(async (app) => {
        await expect(run(app, SquashMigrationsCommand, { app: 'people', migrations: ['3'] })).rejects.toMatchObject({
          code: 'orm.migration_dependency',
          message: expect.stringContaining('in a circle'),
        });
        expect(project.files('people')).toHaveLength(3);
      });
    });

    it('are named anew by those of another app when their branch moves', async () => {
      const project = new Project(suite.url, {
        ...FILES,
        'people/0002_other.ts': migration(TABLE('Other'), after('people.0001_initial')),
      });
      await project.with(async (app) => {
        expect(await run(app, RebaseMigrationsCommand, { app: 'people', migration: '0003_c' })).toEqual([
          'people: 0003_b follows 0002_other',
          '  - 0002_b is 0003_b',
          '  - 0003_c is 0004_c',
          ...['people/0003_b', 'people/0004_c', 'blog/0001_initial'].map((name) => `  ${join(project.root, name)}.ts`),
        ]);
      });
      expect(project.files('people')).toEqual(['0001_initial.ts', '0002_other.ts', '0003_b.ts', '0004_c.ts']);
      const blog = readFileSync(join(project.root, 'blog/0001_initial.ts'), 'utf8');
      expect(blog).toBe(FILES['blog/0001_initial.ts'].replace('0002_b', '0003_b'));
      const files = Object.fromEntries(
        ['people', 'blog'].flatMap((app) =>
          project.files(app).map((name) => [`${app}/${name}`, readFileSync(join(project.root, app, name), 'utf8')]),
        ),
      );
      await new Project(suite.url, files).with(async (app) => {
        expect(names(await app.get(Migrator).migrate())).toEqual([
          'people.0001_initial',
          'people.0002_other',
          'people.0003_b',
          'people.0004_c',
          'blog.0001_initial',
        ]);
      });
    });

    it('are not deleted while those of another app need them', async () => {
      const project = new Project(suite.url, FILES);
      await project.with(async (app) => {
        await app.get(Migrator).migrate({ app: 'people', name: '1' });
        await expect(run(app, ForgetPendingCommand, { apps: ['people'] }, { yes: true })).rejects.toMatchObject({
          message: 'people.0002_b is applied nowhere, but blog.0001_initial needs it',
          hint: 'Name the app "blog" too, or keep the file',
        });
        await run(app, ForgetPendingCommand, { apps: ['people', 'blog'] }, { yes: true });
        expect([project.files('people'), project.files('blog')]).toEqual([['0001_initial.ts'], []]);
      });
    });

    it('refuse what is put in before something that is applied', async () => {
      const project = new Project(suite.url, FILES);
      await project.with(async (app) => {
        await app.get(Migrator).migrate();
      });
      const later = new Project(suite.url, {
        ...FILES,
        'people/0003_c.ts': migration(TABLE('C'), after('people.0002_b')),
        'blog/0002_new.ts': migration('', `${after('blog.0001_initial')} runBefore: [['people', '0003_c']],`),
      });
      await later.with(async (app) => {
        await expect(app.get(Migrator).migrate()).rejects.toMatchObject({
          code: 'orm.migration_history',
          message: 'people.0003_c is applied, but blog.0002_new, which comes before it, is not',
        });
      });
    });
  });
});
