import { type Class } from 'bowerbird/core';
import { Descriptions, DriftFinder, InspectDbCommand, SqlMigrateCommand, TableIndex } from 'bowerbird/orm';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp, type SuiteDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

type Shape = {
  readonly fullText?: true | string;
  readonly subject?: string;
  readonly long?: boolean;
  readonly also?: boolean;
};

/** Articles with a full-text index over two fields, or without. */
function articles({ fullText, subject = 'subject', long = false, also = false }: Shape = {}): readonly Class[] {
  @Entity()
  class Article {
    @PrimaryGeneratedColumn()
    id: number;

    @Column({ length: 200 })
    title: string;

    @Column({ name: subject, type: long ? 'text' : 'varchar', length: long ? undefined : 100, nullable: true })
    subject: string | null;
  }
  if (fullText !== undefined) TableIndex('article_text', { fields: ['title', 'subject'], fullText })(Article);
  if (also) Index('article_title', ['title'], { fulltext: true })(Article);
  return [Article];
}

/** The names of the full-text indexes that the database itself knows. */
async function indexes({ db }: OrmTestApp, { dialect }: SuiteDatabase): Promise<unknown> {
  const questions = {
    sqlite: "SELECT name FROM sqlite_master WHERE tbl_name LIKE 'article%' AND type <> 'table'",
    postgres:
      "SELECT indexname AS name FROM pg_indexes WHERE tablename = 'article' AND indexdef LIKE '%gin%' ORDER BY 1",
    mysql:
      "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_type = 'FULLTEXT' ORDER BY 1",
  };
  return (await db.query<{ name: string }[]>(questions[dialect])).map(({ name }) => name);
}

describe('full-text indexes', () => {
  eachDatabase((suite) => {
    const own = (...names: string[]): string[] => (suite.dialect === 'sqlite' ? [] : names);
    afterEach(() => wipe(suite.url));

    it('are made, changed and taken back, and drift is seen', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(articles());
      await project.evolve(articles({ fullText: true }));
      expect(project.read(project.files[1]!)).toContain(
        "ops.addIndex('Article', { name: 'article_text', fields: ['title', 'subject'], fullText: true })",
      );
      await project.with(articles({ fullText: true }), async (app) => {
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        expect(await indexes(app, suite)).toEqual(own('article_text'));
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
      });
      await project.evolve(articles({ fullText: 'english' }));
      expect(project.read(project.files[2]!)).toContain("fullText: 'english'");
      await project.with(articles({ fullText: 'english' }), async (app) => {
        expect(await indexes(app, suite)).toEqual(own('article_text'));
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        await project.migrate(app, '0001');
        expect(await indexes(app, suite)).toEqual([]);
        await project.migrate(app);
        expect(await indexes(app, suite)).toEqual(own('article_text'));
      });
      await project.evolve(articles());
      await project.with(articles(), async (app) => {
        expect(await indexes(app, suite)).toEqual([]);
        await project.migrate(app, '0003');
        if (suite.dialect === 'sqlite') return;
        await app.db.query(`DROP INDEX article_text${suite.dialect === 'mysql' ? ' ON article' : ''}`);
        expect((await app.get(DriftFinder).find()).differences).toMatchObject([
          { subject: 'index', name: 'article_text', state: 'missing' },
        ]);
        const other = { postgres: "USING gin (to_tsvector('simple'::regconfig, title))", mysql: '(title)' }[
          suite.dialect
        ];
        await app.db.query(
          `CREATE ${suite.dialect === 'mysql' ? 'FULLTEXT ' : ''}INDEX article_text ON article ${other}`,
        );
        expect((await app.get(DriftFinder).find()).differences).toMatchObject([
          { subject: 'index', name: 'article_text', state: 'different' },
        ]);
      });
    });

    it('come with their table, follow renamed columns and other types, and go with the table', async () => {
      const project = new EvolvingProject(suite.url);
      const steady = async (shape: Shape): Promise<void> =>
        project.with(articles(shape), async (app) => {
          expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
          expect(await indexes(app, suite)).toEqual(own('article_text', 'article_title'));
          expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        });
      for (const shape of [{}, { subject: 'about' }, { subject: 'about', long: true }]) {
        await project.evolve(articles({ ...shape, fullText: true, also: true }));
        await steady({ ...shape, fullText: true, also: true });
      }
      await project.evolve([]);
      await project.with([], async (app) => expect(await indexes(app, suite)).toEqual([]));
    });

    it('are told of before they hold anybody up, and are built while others write where that can be', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(articles());
      await project.with(articles({ fullText: true }), async (app) => {
        const { errors } = await project.make(app);
        const blocking = errors.filter((line) => line.endsWith('[blocks-writes]'));
        expect(blocking).toHaveLength(suite.dialect === 'sqlite' ? 0 : 1);
        const shown = await project.run(app, SqlMigrateCommand, { app: 'shop', migration: '0002' });
        const statements = {
          sqlite: /BEGIN;\n--   Add index article_text to Article\nCOMMIT;/,
          postgres:
            /CREATE INDEX "article_text" ON "article" USING gin \(to_tsvector\('pg_catalog\.simple'::regconfig, regexp_replace\(/,
          mysql: /CREATE FULLTEXT INDEX `article_text` ON `article` \(`title`, `subject`\)/,
        };
        expect(shown.text).toMatch(statements[suite.dialect]);
      });
      project.write(
        '0002_article_article_text_index.ts',
        project.read(project.files[1]!).replace(/ops\.addIndex\(.*\)/s, (call) => {
          const end = call.indexOf('})') + 2;
          return `ops.online(${call.slice(0, end)})${call.slice(end)}`;
        }),
      );
      await project.with(articles({ fullText: true }), async (app) => {
        await project.migrate(app);
        expect(await indexes(app, suite)).toEqual(own('article_text'));
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
      });
    });

    it('are read from a database that is there', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(articles({ fullText: true }));
      await project.with([], async (app) => {
        const { text } = await project.run(app, InspectDbCommand, {}, { dryRun: true });
        expect(text).toContain('class Article');
        expect(text).toMatch(/exit 0$/);
        const written: Record<SuiteDatabase['dialect'], readonly string[]> = {
          sqlite: [],
          postgres: ["@TableIndex('article_text', {", `rawSql("to_tsvector('simple'::regconfig, `, "using: 'gin'"],
          mysql: [
            "@Index('article_text', ['title', 'subject'], { fulltext: true })",
            "indexes: [{ name: 'article_text', fields: ['title', 'subject'], fullText: true }]",
          ],
        };
        for (const part of written[suite.dialect]) expect(text).toContain(part);
      });
    });

    it('are refused where the locale knows no letters', async () => {
      if (suite.dialect !== 'postgres') return;
      const url = new URL(suite.url);
      const name = `${url.pathname.slice(1)}_plain`;
      const server = await openOrm({ database: suite.url, entities: [], synchronize: false });
      await server.db.query(`CREATE DATABASE "${name}" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`);
      url.pathname = `/${name}`;
      try {
        const project = new EvolvingProject(url.href);
        await project.with(articles({ fullText: true }), async (app) => {
          await project.make(app);
          await expect(project.migrate(app)).rejects.toMatchObject({
            code: 'orm.unsupported_schema',
            message: expect.stringContaining('the locale C'),
          });
        });
        const other = new EvolvingProject(url.href);
        await other.with(articles({ fullText: 'simple' }), async (app) => {
          await other.make(app);
          await other.migrate(app);
          expect(await indexes(app, suite)).toEqual(['article_text']);
          await app.db.query("INSERT INTO article (title) VALUES ('ÉTÉ Жук')");
          const [entity] = app.get(Descriptions).all();
          const rows = app.db.objects(entity!.target).untyped();
          expect(await rows.filter({ title__search: 'été ЖУК' }).count()).toBe(1);
        });
      } finally {
        await server.db.query(`DROP DATABASE "${name}"`);
        await server.close();
      }
    });

    it('have texts and nothing else', async () => {
      @Entity()
      class Wrong {
        @PrimaryGeneratedColumn() id: number;
        @Column() title: string;
        @Column() views: number;
      }
      TableIndex('wrong_text', { fields: ['title', 'views'], fullText: true })(Wrong);
      TableIndex('wrong_name', { fields: ['title'], fullText: "x'; --" })(Wrong);
      TableIndex('wrong_parts', { fields: ['title'], fullText: true, using: 'gin' })(Wrong);
      const app = await openOrm({ database: suite.url, entities: [Wrong], synchronize: false });
      try {
        const problems = app.db.describe(Wrong).constraintProblems ?? [];
        expect(new Map(problems.map(({ constraint, message }) => [constraint, message]))).toEqual(
          new Map([
            ['wrong_name', '"x\'; --" cannot name a text search configuration'],
            ['wrong_parts', 'A full-text index has fields and nothing else'],
            ['wrong_text', 'A full-text index has texts, and "views" is a integer'],
          ]),
        );
      } finally {
        await app.close();
      }
    });
  });
});
