import { type Class } from 'bowerbird/core';
import { DriftFinder } from 'bowerbird/orm';
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
