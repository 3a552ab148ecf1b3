import { Injectable } from '@nestjs/common';
import {
  Database,
  OnWrite,
  StaleRowError,
  WriteListener,
  type EntityDescription,
  type WriteEvent,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn, UpdateDateColumn, VersionColumn, type Repository } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Page {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) slug: string;
  @Column({ length: 40, default: '' }) title: string;
  @Column({ default: 0 }) views: number;
  @UpdateDateColumn({ precision: 3 }) updatedAt: Date;
  @VersionColumn({ name: 'rev' }) version: number;
}

/** As a page, with somebody who listens. */
@Entity()
class Sheet {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) slug: string;
  @Column({ length: 40, default: '' }) title: string;
  @Column({ default: 0 }) views: number;
  @UpdateDateColumn({ precision: 3 }) updatedAt: Date;
  @VersionColumn() version: number;
}

@OnWrite()
@Injectable()
class Recorder extends WriteListener {
  readonly events: WriteEvent[] = [];

  interested({ name }: EntityDescription): boolean {
    return name === 'Sheet';
  }

  async written(event: WriteEvent): Promise<void> {
    this.events.push(event);
  }
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Page, Sheet], providers: [Recorder] });
    db = app.db;
  });
  beforeEach(async () => {
    for (const entity of [Page, Sheet]) await db.objects<Page>(entity).delete();
  });
  afterAll(() => app?.close());

  describe.each([
    ['nobody', Page, 'rev'],
    ['somebody', Sheet, 'version'],
  ] as const)('upserts of TypeORM that %s hears of', (_, Kind, versionColumn) => {
    const repository = (): Repository<Page> => db.dataSource.getRepository<Page>(Kind);
    const rows = () => db.objects<Page>(Kind);
    const fresh = () => rows().get({ slug: 'a' });

    it('move the version of rows that are there, and the date of their change', async () => {
      await repository().upsert({ slug: 'a', title: 'one' }, ['slug']);
      const before = await fresh();
      expect(before).toMatchObject({ title: 'one', version: 1 });
      await rows().update({ updatedAt: new Date('2020-01-01T00:00:00Z'), version: 1 });
      await repository().upsert(
        [
          { slug: 'a', title: 'two' },
          { slug: 'b', title: 'new' },
        ],
        ['slug'],
      );
      const after = await fresh();
      expect(after).toMatchObject({ id: before.id, title: 'two', version: 2 });
      expect(after.updatedAt.getFullYear()).toBeGreaterThan(2020);
      expect(await rows().orderBy('slug').flat('version').all()).toEqual([2, 1]);
    });

    it('make copies stale that were read before', async () => {
      await repository().insert({ slug: 'a' });
      const mine = await fresh();
      await repository().upsert({ slug: 'a', title: 'theirs' }, ['slug']);
      await expect(db.save(Object.assign(mine, { title: 'mine' }))).rejects.toBeInstanceOf(StaleRowError);
      expect(await fresh()).toMatchObject({ title: 'theirs', version: 2 });
    });

    it('take a loaded row, whose version does not come back', async () => {
      await repository().insert({ slug: 'a' });
      const mine = await fresh();
      await rows().update({ views: 1 });
      await rows().update({ views: 2 });
      await repository().upsert(Object.assign(mine, { title: 'mine' }), ['slug']);
      expect(await fresh()).toMatchObject({ title: 'mine', version: 4 });
    });

    it('tell the instance its version, so that it can be saved', async () => {
      const first = Object.assign(new Kind(), { slug: 'a', title: 'one' });
      await repository().upsert(first, ['slug']);
      const second = Object.assign(new Kind(), { slug: 'a', title: 'two' });
      await repository().upsert(second, ['slug']);
      const { id } = await fresh();
      expect(second).toMatchObject({ id, version: 2 });
      await db.save(Object.assign(second, { title: 'three' }));
      expect(await fresh()).toMatchObject({ title: 'three', version: 3 });
    });

    it('are the same as builders with orUpdate, under any alias and again and again', async () => {
      const builder = repository()
        .createQueryBuilder('p')
        .insert()
        .values({ slug: 'a', title: 'ON DUPLICATE KEY UPDATE' })
        .orUpdate(['title'], ['slug']);
      await builder.execute();
      await builder.execute();
      await builder.clone().execute();
      await db.atomic(() => builder.execute());
      expect(await fresh()).toMatchObject({ title: 'ON DUPLICATE KEY UPDATE', version: 4 });
    });

    it('leave rows alone where nothing is to be changed', async () => {
      await repository().insert({ slug: 'a' });
      const again = () =>
        repository().createQueryBuilder().insert().values({ slug: 'a', version: 9 }).updateEntity(false);
      await again().orUpdate([], ['slug']).execute();
      await again().orUpdate([versionColumn], ['slug']).execute();
      await again().orIgnore().execute();
      expect(await fresh()).toMatchObject({ version: 1 });
    });
  });

  it.runIf(database.dialect === 'postgres')(
    'moves no version where an upsert skips rows that do not change',
    async () => {
      const pages = db.dataSource.getRepository(Page);
      const skip = { conflictPaths: ['slug'], skipUpdateIfNoValuesChanged: true };
      for (const title of ['one', 'one', 'two', 'two']) await pages.upsert({ slug: 'a', title, version: 7 }, skip);
      expect(await db.objects(Page).get()).toMatchObject({ title: 'two', version: 8 });
    },
  );

  it('are told of as changes, the version among them', async () => {
    const { events } = app.get(Recorder);
    const sheets = db.dataSource.getRepository(Sheet);
    await sheets.insert({ slug: 'a' });
    events.length = 0;
    await sheets.upsert({ slug: 'a', title: 'two' }, ['slug']);
    expect(events).toMatchObject([
      { kind: 'update', before: { title: '', version: 1 }, after: { title: 'two', version: 2 } },
    ]);
  });
});
