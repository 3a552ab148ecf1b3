import { ContextKey, contextValue, runWith } from 'bowerbird/core';
import { Database, DefaultScope, Q, QueryUsageError } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

const TENANT = new ContextKey<number>('tenant of the test');

@Entity()
@DefaultScope<Note>('tenant', () => ({ tenant: contextValue(TENANT) ?? 0 }))
@DefaultScope<Note>('visible', Q({ hidden: false }).or({ 'folder.open': true }))
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) text: string;
  @Column() tenant: number;
  @Column({ default: false }) hidden: boolean;
  @ManyToOne(() => Folder, (folder) => folder.notes, { nullable: true }) folder: Relation<Folder> | null;
}

@Entity()
class Folder {
  @PrimaryGeneratedColumn() id: number;
  @Column({ default: false }) open: boolean;
  @OneToMany(() => Note, (note) => note.folder) notes: Relation<Note>[];
}

describe('default scopes', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Note, Folder] });
      db = app.db;
      const folder = await db.save(Object.assign(new Folder(), { open: true }));
      const note = (values: Partial<Note>) => db.save(Object.assign(new Note(), values));
      await note({ text: 'one', tenant: 1 });
      await note({ text: 'two', tenant: 2 });
      await note({ text: 'hidden', tenant: 1, hidden: true });
      await note({ text: 'shown', tenant: 1, hidden: true, folder });
    });
    afterAll(() => app.close());

    const texts = (rows = db.objects(Note), tenant = 1): Promise<string[]> =>
      runWith(TENANT, tenant, () => rows.orderBy('id').flat('text').all());

    it('apply to every query, with the values of its moment', async () => {
      expect(await texts()).toEqual(['one', 'shown']);
      expect(await texts(db.objects(Note), 2)).toEqual(['two']);
      const { id } = await db.objects(Note).withoutScopes().get({ text: 'one' });
      for (const [tenant, count] of [
        [1, 1],
        [2, 0],
        [1, 1],
      ] as const)
        // prettier-ignore
        expect(await runWith(TENANT, tenant, () => db.objects(Note).filter({ id }).all())).toHaveLength(count);
      expect(await runWith(TENANT, 1, () => db.objects(Note).count())).toBe(2);
      expect(await runWith(TENANT, 1, () => db.objects(Note).exclude({ text: 'one' }).count())).toBe(1);
    });

    it('are left out by name, one after another, or wholly', async () => {
      expect(await texts(db.objects(Note).withoutScopes('visible'))).toEqual(['one', 'hidden', 'shown']);
      expect(await texts(db.objects(Note).withoutScopes('visible').withoutScopes('tenant'))).toHaveLength(4);
      expect(await texts(db.objects(Note).withoutScopes())).toHaveLength(4);
      expect(() => db.objects(Note).withoutScopes('visibel')).toThrow(QueryUsageError);
      expect(() => db.objects(Note).withoutScopes('visibel')).toThrow(/no default scope "visibel"/);
      expect(() => db.objects(Folder).withoutScopes('any')).toThrow(QueryUsageError);
    });

    it('hold for changes, prefetches and lists in lookups', async () => {
      await runWith(TENANT, 2, async () => {
        expect(await db.objects(Note).update({ text: 'two!' })).toBe(1);
        expect(await db.objects(Folder).prefetchRelated('notes').get()).toMatchObject({ notes: [] });
        expect(
          await db
            .objects(Folder)
            .filter({ pk__in: db.objects(Note).flat('folder') })
            .count(),
        ).toBe(0);
      });
      await runWith(TENANT, 1, async () => {
        expect((await db.objects(Folder).prefetchRelated('notes').get()).notes.map(({ text }) => text)).toEqual([
          'shown',
        ]);
        await db.objects(Note).withoutScopes('tenant').filter({ text: 'two!' }).update({ text: 'two' });
      });
      expect(await texts(db.objects(Note), 2)).toEqual(['two']);
    });
  });
});
