import { Database, PrimaryUuidColumn, rawWrites, StaleRowError } from 'bowerbird/orm';
import { Column, Entity, VersionColumn } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Page {
  @PrimaryUuidColumn() id: string;
  @Column({ length: 80 }) title: string;
  @Column({ default: 0 }) views: number;
  @VersionColumn() version: number;
}

describe('rows with a version', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Page] });
      db = app.db;
    });
    afterAll(() => app.close());
    beforeEach(() => db.objects(Page).delete());

    const page = (title = 'A'): Promise<Page> => db.save(Object.assign(new Page(), { title }));
    const again = ({ id }: Page): Promise<Page> => db.objects(Page).get({ id });

    it('are refused when somebody else has changed the row', async () => {
      const mine = await page();
      const theirs = await again(mine);
      await db.save(Object.assign(theirs, { title: 'B' }));
      const error = await db.save(Object.assign(mine, { title: 'C' })).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(StaleRowError);
      expect(error).toMatchObject({ status: 409, code: 'orm.stale_row', version: 1, current: 2, entity: 'Page' });
      await expect(db.remove(mine)).rejects.toThrow(StaleRowError);
      expect(await again(mine)).toMatchObject({ title: 'B', version: 2 });
      await db.save(Object.assign(theirs, { title: 'D' }));
      expect(theirs.version).toBe(3);
      await db.remove(theirs);
    });

    it('are refused after updates of query sets and repositories', async () => {
      const row = await page();
      await db.objects(Page).update({ views: 1 });
      await expect(db.save(Object.assign(row, { title: 'B' }))).rejects.toThrow(
        /read with version 1 and has version 2/,
      );
      const fresh = await again(row);
      await db.dataSource.getRepository(Page).increment({ id: row.id }, 'views', 1);
      await expect(db.save(Object.assign(fresh, { title: 'B' }))).rejects.toThrow(StaleRowError);
    });

    it('do not come back when somebody else has deleted the row', async () => {
      const row = await page();
      await db.objects(Page).delete();
      await expect(db.save(Object.assign(row, { title: 'B' }))).rejects.toThrow(/is not there any more/);
      expect(await db.objects(Page).count()).toBe(0);
      await rawWrites(() => db.save(row));
      expect(await db.objects(Page).count()).toBe(1);
    });

    it('let one of two writers at the same moment win', async () => {
      const row = await page();
      const copies = await Promise.all([again(row), again(row), again(row), again(row)]);
      const saves = copies.map((copy, index) => db.save(Object.assign(copy, { title: `T${index}` })));
      const results = await Promise.allSettled(saves);
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleRowError);
      expect((await again(row)).version).toBe(2);
    });

    it('are written as they are by a part of a row without its version', async () => {
      const { id } = await page();
      await db.save(Object.assign(new Page(), { id, title: 'B' }));
      expect(await db.objects(Page).get()).toMatchObject({ title: 'B', version: 2 });
    });

    it('have keys that sort as they were made', async () => {
      const rows = await db.save(
        Array.from({ length: 20 }, (_, index) => Object.assign(new Page(), { title: `${index}` })),
      );
      rows.push(...(await db.objects(Page).bulkCreate([{ title: 'x' }, { title: 'y' }])));
      const more = await db.objects(Page).create({ title: 'last' });
      const given = '01890000-0000-7000-8000-000000000000';
      await db.dataSource.getRepository(Page).insert({ id: given, title: 'first' });
      expect(more.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
      const titles = await db.objects(Page).orderBy('id').flat('title').all();
      expect(titles).toEqual(['first', ...rows.map(({ title }) => title), 'last']);
    });
  });
});
