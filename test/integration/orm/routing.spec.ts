import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { APPLICATION, CheckRunner, ContextKey, contextValue, runWith, SettingsProblems } from 'bowerbird/core';
import {
  App,
  atomic,
  Databases,
  manager,
  Migration,
  Migrator,
  Model,
  ops,
  OrmModule,
  querySet,
  resolveOrm,
  type DatabaseRouter,
} from 'bowerbird/orm';
import { type TestDatabase } from 'bowerbird/testing';
import { Column, Entity, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDatabase, eachDatabase } from '../../support/databases.js';

@Entity()
class Author extends Model {
  static readonly objects = manager(Author);
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

@Entity()
class Article {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Author, { nullable: true }) author: Relation<Author> | null;
  @ManyToMany(() => Author) @JoinTable() readers: Relation<Author>[];
}

@Entity()
class Visit {
  @PrimaryGeneratedColumn() id: number;
  @Column() path: string;
}

const authors = ops.createEntity('Author', {
  table: 'author',
  fields: { id: ops.id(), name: ops.string({ length: 255 }) },
});
const initial = new Migration({
  operations: [
    authors,
    ops.createEntity('Article', {
      table: 'article',
      fields: {
        id: ops.id(),
        title: ops.string({ length: 255 }),
        author: ops.manyToOne('news.Author', { columns: { authorId: 'id' }, nullable: true }),
        readers: ops.manyToMany('news.Author', {
          table: 'article_readers_author',
          from: { articleId: 'id' },
          to: { authorId: 'id' },
        }),
      },
    }),
    ops.createEntity('Visit', { table: 'visit', fields: { id: ops.id(), path: ops.string({ length: 255 }) } }),
    ops.sql("INSERT INTO author (name) VALUES ('made by a migration')", []),
  ],
});

@App({ name: 'news', entities: [Author, Article, Visit], migrations: [['0001_initial', initial]] })
@Module({})
class News {}

/** What the routers of the suite look at. */
const READ = new ContextKey<string>('read from');
const WRITE = new ContextKey<string>('write to');

/** Articles and authors are in both databases, visits in the archive alone. */
const routers: readonly DatabaseRouter[] = [
  { migrate: (database, { name }) => (name === 'Visit' ? database === 'archive' : undefined) },
  {
    migrate: () => true,
    read: ({ name }) => (name === 'Visit' ? undefined : contextValue(READ)),
    write: ({ name }) => (name === 'Visit' ? undefined : contextValue(WRITE)),
    relation: (from, to) => (from.name === 'Article' && to.name === 'Author' ? undefined : true),
  },
];

async function boot(databases: readonly string[], given: readonly DatabaseRouter[], apps = [News]) {
  const [database, archive] = databases;
  const problems = new SettingsProblems();
  const settings = { apps, database: database!, databases: { archive: archive! }, routers: given };
  const config = resolveOrm(settings, problems, { root: pathToFileURL('/srv/') });
  const module = await Test.createTestingModule({
    imports: [DiscoveryModule, OrmModule.forRoot(config)],
    providers: [CheckRunner],
  }).compile();
  await module.init();
  return module;
}

describe('routers', () => {
  eachDatabase((database) => {
    let other: TestDatabase;
    let module: TestingModule;
    let databases: Databases;
    beforeAll(async () => {
      other = await createDatabase(database.dialect);
      module = await boot([database.url, other.url], routers);
      databases = module.get(Databases);
      await module.get(Migrator).migrate();
      await module.get(Migrator).migrate({ database: 'archive' });
    });
    afterAll(async () => {
      await module.close();
      await other.drop();
    });
    beforeEach(async () => {
      for (const db of databases.all()) {
        await db.query('DELETE FROM article_readers_author');
        await db.query('DELETE FROM article');
        await db.query('DELETE FROM author');
      }
    });

    const scope = <R>(work: () => R): R => runWith(APPLICATION, { get: (token) => module.get(token as never) }, work);
    const titles = (alias: string): Promise<string[]> => databases.get(alias).objects(Article).flat('title').all();
    const author = (alias: string, name: string): Promise<Author> =>
      databases.get(alias).save(Object.assign(new Author(), { name }));

    it('place tables where they say, and nowhere else', async () => {
      const has = async (alias: string, table: string): Promise<boolean> => {
        const runner = databases.get(alias).dataSource.createQueryRunner();
        try {
          return await runner.hasTable(table);
        } finally {
          await runner.release();
        }
      };
      expect([await has('default', 'visit'), await has('archive', 'visit')]).toEqual([false, true]);
      expect([await has('default', 'article'), await has('archive', 'article')]).toEqual([true, true]);
      expect(await module.get(Migrator).pending('archive')).toEqual([]);
      expect(databases.of(Visit).alias).toBe('archive');
    });

    it('let an entity be asked for without its database', async () => {
      await scope(async () => {
        await querySet(Visit).create({ path: '/' });
        expect(await querySet(Visit).count()).toBe(1);
      });
      expect(await databases.get('archive').objects(Visit).count()).toBe(1);
      expect(() => databases.default.objects(Visit)).toThrow(
        expect.objectContaining({ code: 'orm.wrong_database', message: expect.stringContaining('"archive"') }),
      );
    });

    it('are passed over by using()', async () => {
      await scope(async () => {
        await querySet(Article).create({ title: 'here' });
        await querySet(Article).using('archive').create({ title: 'there' });
        expect(await querySet(Article).using('archive').filter({ title: 'there' }).update({ title: 'moved' })).toBe(1);
      });
      expect([await titles('default'), await titles('archive')]).toEqual([['here'], ['moved']]);
      expect(() => databases.objects(Article).using('archiv')).toThrow(/Did you mean "archive"/);
      expect(() => databases.objects(Visit).using('default')).toThrow(
        expect.objectContaining({ code: 'orm.wrong_database' }),
      );
    });

    it('separate reads from writes', async () => {
      await databases.get('archive').objects(Article).create({ title: 'only read' });
      await scope(() =>
        runWith(READ, 'archive', async () => {
          await querySet(Article).create({ title: 'written' });
          expect(await querySet(Article).flat('title').all()).toEqual(['only read']);
          expect(await querySet(Article).update({ title: 'changed' })).toBe(1);
          const locked = await atomic(() => querySet(Article).selectForUpdate().first());
          expect(locked!.title).toBe('changed');
          expect(await querySet(Article).delete()).toBe(1);
        }),
      );
      expect([await titles('default'), await titles('archive')]).toEqual([[], ['only read']]);
    });

    it('send rows back to where they came from', async () => {
      await author('archive', 'old');
      await scope(async () => {
        const row = await Author.objects.using('archive').get({ name: 'old' });
        row.name = 'older';
        await row.save();
        expect(await Author.objects.count()).toBe(0);
        await runWith(WRITE, 'default', () => row.save());
        expect(await Author.objects.count()).toBe(1);
      });
      expect(await databases.get('archive').objects(Author).flat('name').all()).toEqual(['older']);
    });

    it('that name a database that is not there, or not the right one, are told', async () => {
      const read = (alias: string): unknown => scope(() => runWith(READ, alias, () => querySet(Article)));
      expect(() => read('nowhere')).toThrow(expect.objectContaining({ code: 'orm.unknown_database' }));
    });

    it('decide about relations between databases, which are refused else', async () => {
      const [here, there] = [await author('default', 'here'), await author('archive', 'there')];
      const loaded = await databases.get('archive').objects(Author).get({ name: 'there' });
      const db = databases.default;
      const refused = {
        code: 'orm.cross_database',
        message: 'A Article in "default" cannot refer to a Author of "archive"',
      };
      for (const foreign of [there, loaded]) {
        const article = Object.assign(new Article(), { title: 'x', author: foreign });
        await expect(db.save(article)).rejects.toMatchObject(refused);
        await expect(db.objects(Article).create({ title: 'x', author: foreign })).rejects.toMatchObject(refused);
        await expect(db.objects(Article).bulkCreate([{ title: 'x', author: foreign }])).rejects.toMatchObject(refused);
      }
      const article = await db.save(Object.assign(new Article(), { title: 'good', author: here }));
      await expect(db.related(article, 'readers').add(there)).rejects.toMatchObject(refused);
      await db.related(article, 'readers').add(here);
      expect(await titles('default')).toEqual(['good']);
    });

    it('let migrations run the SQL of an app in its own database alone', async () => {
      const fresh = [await createDatabase(database.dialect), await createDatabase(database.dialect)];
      const own = await boot(
        fresh.map(({ url }) => url),
        routers,
      );
      for (const alias of ['default', 'archive']) await own.get(Migrator).migrate({ database: alias });
      const counts = await Promise.all(
        own
          .get(Databases)
          .all()
          .map((db) => db.objects(Author).count()),
      );
      expect(counts).toEqual([1, 0]);
      await own.get(Migrator).migrate({ database: 'archive', app: 'news', name: 'zero' });
      expect(await own.get(Migrator).pending('archive')).toHaveLength(1);
      await own.close();
      for (const each of fresh) await each.drop();
    });
  });

  it('use tables without making them', async () => {
    const copies: DatabaseRouter = { migrate: (alias) => (alias === 'archive' ? 'copy' : undefined) };
    const module = await boot(['sqlite::memory:', 'sqlite::memory:'], [copies]);
    await module.get(Migrator).syncSchema();
    expect(await module.get(Migrator).syncSchema('archive')).toEqual([]);
    const copy = module.get(Databases).get('archive');
    await copy.query('CREATE TABLE author (id integer primary key, name text)');
    expect(await module.get(Databases).objects(Author).using('archive').count()).toBe(0);
    await module.close();
  });

  it('are checked', async () => {
    const problems = new SettingsProblems();
    class Router {
      read = 5;
    }
    const given = [Router, {}, new Router(), { read: () => undefined }];
    resolveOrm({ routers: given as never }, problems, { root: pathToFileURL('/srv/') });
    expect(problems.all.map(({ id, path }) => `${id} ${path}`)).toEqual([
      'orm.E016 settings.routers[0]',
      'orm.E016 settings.routers[1]',
      'orm.E016 settings.routers[2]',
    ]);
    const wrong: DatabaseRouter = {
      migrate: (alias, { name }) => (name === 'Visit' ? false : name === 'Article' ? true : alias === 'default'),
    };
    const module = await boot(['sqlite::memory:', 'sqlite::memory:'], [wrong]);
    const { findings } = await module.get(CheckRunner).run({});
    expect(findings.filter(({ level }) => level === 'error').map(({ id, at }) => `${id} ${at}`)).toEqual([
      'orm.E017 Visit',
      'orm.E018 Article.author',
      'orm.E018 Article.readers',
    ]);
    await module.close();
  });
});
