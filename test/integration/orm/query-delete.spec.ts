import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import { ForeignKeyError, QueryUsageError } from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BulkRecorder } from './query-bulk.world.js';

@Entity()
class Shop {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
}

@Entity()
class Shelf {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Shop, { onDelete: 'CASCADE', nullable: false }) shop: Relation<Shop>;
  @ManyToOne(() => Shelf, { onDelete: 'CASCADE' }) above: Relation<Shelf> | null;
  @ManyToMany(() => Label) @JoinTable() labels: Relation<Label>[];
}

@Entity()
class Label {
  @PrimaryColumn({ length: 10 }) word: string;
}

/** Heard by the recorder. */
@Entity()
class Seat {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Shelf, { onDelete: 'CASCADE' }) shelf: Relation<Shelf> | null;
}

@Entity()
class Sign {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Shop, { onDelete: 'SET NULL' }) shop: Relation<Shop> | null;
}

@Entity()
class Loan {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Shelf, { onDelete: 'RESTRICT' }) shelf: Relation<Shelf> | null;
}

/** Nothing refers to it. */
@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
  @DeleteDateColumn() goneAt: Date | null;
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: BulkRecorder;
  beforeAll(async () => {
    const entities = [Shop, Shelf, Label, Seat, Sign, Loan, Note];
    app = await openOrm({ database: database.url, entities, providers: [BulkRecorder] });
    recorder = app.get(BulkRecorder);
  });
  beforeEach(async () => {
    for (const entity of [Loan, Sign, Shop, Label, Seat]) await app.db.objects<object>(entity).delete();
    await fill();
    recorder.heard();
  });
  afterAll(() => app?.close());

  /** Two shops; the first with a tree of three shelves, two of them with a seat. */
  async function fill(): Promise<void> {
    const { db } = app;
    const [shop, other] = await db.objects(Shop).bulkCreate([{ name: 'a' }, { name: 'b' }]);
    const labels = await db.objects(Label).bulkCreate([{ word: 'red' }, { word: 'big' }]);
    const top = await db.objects(Shelf).create({ shop: shop!, labels });
    const below = await db.objects(Shelf).create({ shop: shop!, above: top, labels: labels.slice(0, 1) });
    const rows = await db.objects(Shelf).bulkCreate([{ shop: shop!, above: below }, { shop: other! }]);
    await db.objects(Seat).bulkCreate([{ shelf: top }, { shelf: rows[0]! }, { shelf: rows[1]! }, {}]);
    await db.objects(Sign).bulkCreate([{ shop: shop! }, { shop: other! }]);
  }

  async function statements<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.length];
  }

  const shops = () => app.db.objects(Shop);

  describe('deleteAndCount', () => {
    it('tells what went by entity, rows that the database removes and links as well', async () => {
      const { total, by } = await shops().filter({ name: 'a' }).deleteAndCount();
      expect(Object.fromEntries(by)).toEqual({
        'shop.shop': 1,
        'shop.shelf': 3,
        'shop.seat': 2,
        'shop.shelf.labels': 3,
      });
      expect(total).toBe(9);
      const left = [Shop, Shelf, Seat, Label, Sign].map((entity) => app.db.objects<object>(entity).count());
      expect(await Promise.all(left)).toEqual([1, 1, 2, 2, 2]);
      expect(await app.db.objects(Sign).filter({ shop__isnull: true }).count()).toBe(1);
    });

    it('counts each row of a tree once, whichever way it goes', async () => {
      const shelves = app.db.objects(Shelf).filter({ 'shop.name': 'a' });
      expect(Object.fromEntries((await shelves.deleteAndCount()).by)).toEqual({
        'shop.shelf': 3,
        'shop.seat': 2,
        'shop.shelf.labels': 3,
      });
    });

    it('takes links from the side that does not declare them', async () => {
      const { by } = await app.db.objects(Label).filter({ word: 'red' }).deleteAndCount();
      expect(Object.fromEntries(by)).toEqual({ 'shop.label': 1, 'shop.shelf.labels': 2 });
    });

    it('needs as many statements for many rows as for one, and a single one where nothing can go along', async () => {
      await app.db.objects(Label).bulkCreate(Array.from({ length: 500 }, (_, index) => ({ word: `w${index}` })));
      const [, one] = await statements(() => app.db.objects(Label).filter({ word: 'w0' }).deleteAndCount());
      const [many, all] = await statements(() => app.db.objects(Label).deleteAndCount());
      expect([many.by.get('shop.label'), all]).toEqual([501, one]);
      await app.db.objects(Sign).bulkCreate(Array.from({ length: 300 }, () => ({})));
      const [signs, single] = await statements(() => app.db.objects(Sign).deleteAndCount());
      expect([signs.total, signs.by.get('shop.sign'), single]).toEqual([302, 302, 1]);
    });

    it('deletes nothing where there is nothing', async () => {
      const gone = await shops().filter({ name: 'none' }).deleteAndCount();
      expect([gone.total, gone.by.size]).toEqual([0, 0]);
      expect((await shops().none().deleteAndCount()).total).toBe(0);
      expect((await app.db.objects(Sign).filter({ id: 0 }).deleteAndCount()).by.size).toBe(0);
    });

    it('is heard of by listeners of the rows that go along', async () => {
      const { by } = await shops().deleteAndCount();
      expect(by.get('shop.seat')).toBe(3);
      const told = recorder.heard().map(({ kind, cause }) => `${kind} ${cause}`);
      expect(told).toEqual(['delete 2 shops', 'delete 2 shops', 'delete 2 shops']);
    });

    it('refuses slices, and rows that are only marked', async () => {
      await expect(shops().slice(0, 1).deleteAndCount()).rejects.toBeInstanceOf(QueryUsageError);
      await expect(app.db.objects(Note).deleteAndCount()).rejects.toBeInstanceOf(QueryUsageError);
    });
  });

  describe('a reference that forbids the deletion', () => {
    it('is named, also when it is several tables away, and nothing is deleted', async () => {
      const shelf = await app.db.objects(Shelf).filter({ 'above.above__isnull': false }).get();
      await app.db.objects(Loan).create({ shelf });
      const refused = { reason: 'referenced', fields: ['shelf'] };
      await expect(app.db.objects(Shelf).filter({ pk: shelf }).delete()).rejects.toMatchObject(refused);
      await expect(shops().delete()).rejects.toMatchObject(refused);
      await expect(shops().deleteAndCount()).rejects.toMatchObject(refused);
      const shop = await shops().get({ name: 'a' });
      await expect(app.db.remove(shop)).rejects.toBeInstanceOf(ForeignKeyError);
      await app.db.atomic(async () => {
        await expect(shops().deleteAndCount()).rejects.toMatchObject(refused);
        expect(await shops().count()).toBe(2);
      });
      expect(await app.db.objects(Shelf).count()).toBe(4);
    });
  });
});
