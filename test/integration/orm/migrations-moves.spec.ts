import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { SettingsProblems, type Class } from 'bowerbird/core';
import { App, Database, DriftFinder, MakeMigrationsCommand, Migrator, OrmModule, resolveOrm } from 'bowerbird/orm';
import { Column, Entity, JoinTable, ManyToMany, ManyToOne, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

/** Items with tags: by pairs, or by an entity of their own. */
function shop(linked: boolean): readonly Class[] {
  @Entity()
  class Tag {
    @PrimaryGeneratedColumn() id: number;
    @Column() name: string;
  }
  @Entity()
  class Item {
    @PrimaryGeneratedColumn() id: number;
    tags: Tag[];
  }
  if (!linked) {
    ManyToMany(() => Tag)(Item.prototype, 'tags');
    JoinTable()(Item.prototype, 'tags');
    return [Tag, Item];
  }
  @Entity()
  @Unique(['item', 'tag'])
  class ItemTag {
    @PrimaryGeneratedColumn() id: number;
    @ManyToOne(() => Item, { onDelete: 'CASCADE', nullable: false }) item: Item;
    @ManyToOne(() => Tag, { onDelete: 'CASCADE', nullable: false }) tag: Tag;
    @Column({ default: 1 }) position: number;
  }
  return [Tag, Item, ItemTag];
}

/** Boots two apps, each with entities of its own and a folder of migrations. */
async function boot(
  url: string,
  folder: URL,
  apps: Readonly<Record<string, readonly Class[]>>,
): Promise<TestingModule> {
  const modules = Object.entries(apps).map(([name, entities]): Class => {
    class AppModule {}
    App({ name, entities, migrations: new URL(`${name}/`, folder) })(AppModule);
    Module({})(AppModule);
    return AppModule;
  });
  const config = resolveOrm({ apps: modules, database: url }, new SettingsProblems(), { root: folder });
  const module = await Test.createTestingModule({ imports: [OrmModule.forRoot(config), ...modules] }).compile();
  module.enableShutdownHooks();
  return module.init();
}

/** An item and a line that refers to it. */
function itemAndLine(): readonly [item: Class, line: Class] {
  @Entity()
  class Item {
    @PrimaryGeneratedColumn() id: number;
    @Column() name: string;
    @Column({ default: 1 }) stock: number;
  }
  @Entity()
  class Line {
    @PrimaryGeneratedColumn() id: number;
    @ManyToOne(() => Item, { nullable: false }) item: Item;
  }
  return [Item, Line];
}

describe('an entity that moves to another app', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('keeps its table, its rows and the references to it, forth and back', async () => {
      const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'modules', 'moves-'))}/`);
      const [item, line] = itemAndLine();
      const make = async (app: TestingModule, options: Record<string, unknown> = {}): Promise<string> => {
        const io = new RecordedIo();
        await app.get(MakeMigrationsCommand).run({ args: { apps: [] }, options }, io);
        return io.text;
      };
      const first = await boot(suite.url, folder, { shop: [item, line], catalog: [] });
      await make(first);
      await first.get(Migrator).migrate();
      await first.get(Database).query("INSERT INTO item (name) VALUES ('cup')");
      await first
        .get(Database)
        .query(`INSERT INTO line (${suite.dialect === 'postgres' ? '"itemId"' : 'itemId'}) VALUES (1)`);
      await first.close();

      const [movedItem, sameLine] = itemAndLine();
      const app = await boot(suite.url, folder, { catalog: [movedItem], shop: [sameLine] });
      await expect(make(app)).rejects.toMatchObject({
        code: 'orm.migration_question',
        hint: expect.stringContaining('--rename shop.Item:catalog.Item'),
      });
      await make(app, { rename: ['shop.Item:catalog.Item'] });
      expect(readFileSync(new URL('catalog/0001_initial.ts', folder), 'utf8')).toContain(
        "dependencies: [['shop', '0001_initial']],\n  operations: [ops.adoptEntity('shop.Item')],",
      );
      await app.get(Migrator).migrate();
      expect(await make(app, { check: true })).toBe('No changes detected.');
      expect((await app.get(DriftFinder).find()).differences).toEqual([]);
      const rows =
        'SELECT i.name FROM line l JOIN item i ON ' +
        (suite.dialect === 'postgres' ? 'l."itemId"' : 'l.itemId') +
        ' = i.id';
      expect(await app.get(Database).query(rows)).toEqual([{ name: 'cup' }]);
      await app.get(Migrator).migrate({ app: 'catalog', name: 'zero' });
      expect(await app.get(Database).query(rows)).toEqual([{ name: 'cup' }]);
      await app.close();
    });
  });
});

describe('links that become an entity', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are asked for, and stay, forth and back', async () => {
      const project = new EvolvingProject(suite.url);
      await project.with(shop(false), async (app) => {
        await project.make(app);
        await project.migrate(app);
        await app.db.query("INSERT INTO tag (name) VALUES ('red'), ('old')");
        await app.db.query(
          suite.dialect === 'mysql' ? 'INSERT INTO item VALUES (), ()' : 'INSERT INTO item (id) VALUES (1), (2)',
        );
        await app.db.query(
          suite.dialect === 'postgres'
            ? 'INSERT INTO item_tags_tag ("itemId", "tagId") VALUES (1, 1), (1, 2), (2, 2)'
            : 'INSERT INTO item_tags_tag (itemId, tagId) VALUES (1, 1), (1, 2), (2, 2)',
        );
      });
      await project.with(shop(true), async (app) => {
        const io = new RecordedIo(['y']);
        await project.make(app, {}, io);
        expect(io.questions).toEqual(['Did the pairs of shop.Item.tags become the entity ItemTag? [y/N]']);
        expect(project.read(project.files[1]!)).toContain(
          "ops.linkEntity('Item', 'tags', 'ItemTag', { from: 'item', to: 'tag', table: 'item_tag' })",
        );
        await project.migrate(app, undefined, { force: false });
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        const [id, tag] = suite.dialect === 'postgres' ? ['"itemId"', '"tagId"'] : ['itemId', 'tagId'];
        const links = (table: string, more = '') =>
          app.db.query(`SELECT ${id} AS item, ${tag} AS tag${more} FROM ${table} ORDER BY ${id}, ${tag}`);
        const pairs = [
          { item: 1, tag: 1 },
          { item: 1, tag: 2 },
          { item: 2, tag: 2 },
        ];
        expect(await links('item_tag', ', position')).toEqual(pairs.map((pair) => ({ ...pair, position: 1 })));
        await project.migrate(app, '0001');
        expect(await links('item_tags_tag')).toEqual(pairs);
      });
    });
  });
});
