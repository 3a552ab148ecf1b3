import { AuditConfig, AuditedEntities, AuditEntry, AuditTrail } from 'bowerbird/audit';
import { ACTOR, REQUEST_ID, runInContext } from 'bowerbird/core';
import { Field, Meta, type Database } from 'bowerbird/orm';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { openAudit, type AuditTestApp } from './audit-app.js';

@Entity()
@Meta({ audited: true })
class Tag {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

@Entity()
@Meta({ audited: true })
class Product {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column({ type: 'decimal', precision: 8, scale: 2, default: '0.00' })
  price: string;

  @Column({ type: 'datetime', nullable: true })
  since: Date | null;

  @Column({ type: 'varchar', length: 100, nullable: true })
  @Field({ sensitive: true })
  pin: string | null;

  @ManyToOne(() => Tag, { nullable: true, onDelete: 'SET NULL' })
  main: Relation<Tag> | null;

  @ManyToMany(() => Tag)
  @JoinTable()
  tags: Relation<Tag>[];

  @UpdateDateColumn()
  updatedAt: Date;
}

@Entity()
class Visit {
  @PrimaryColumn()
  place: string;

  @PrimaryColumn({ type: 'integer' })
  day: number;

  @Column({ default: 0 })
  count: number;
}

const ENTITIES = [Tag, Product, Visit];
const ADA = { id: '7', label: 'ada@example.com' };

eachDatabase((database) => {
  let app: AuditTestApp;
  let db: Database;
  let trail: AuditTrail;

  async function open(config = new AuditConfig('marked', new Set())): Promise<void> {
    app = await openAudit(database.url, ENTITIES, config);
    db = app.db;
    trail = app.get(AuditTrail);
  }

  const clear = async () => {
    for (const { target } of db.descriptions.all())
      await db.dataSource.createQueryBuilder().delete().from(target).execute();
  };
  const entries = async (): Promise<readonly AuditEntry[]> => [...(await trail.recent(null, 1000))].reverse();
  const as = <T>(work: () => Promise<T>): Promise<T> =>
    runInContext((context) => {
      context.set(ACTOR, ADA);
      context.set(REQUEST_ID, 'request-1');
      return work();
    });
  const product = (values: Partial<Product>) => Object.assign(new Product(), { since: null, pin: null, ...values });

  beforeEach(async () => {
    await open();
    await clear();
  });
  afterEach(async () => {
    await app.close();
  });

  describe('an entry', () => {
    it('says who did what, when and in which request', async () => {
      const row = await as(() =>
        db.save(product({ name: 'Kettle', price: '12.50', since: new Date('2026-02-03T04:05:06Z') })),
      );
      expect(await entries()).toMatchObject([
        {
          at: app.clock.now(),
          actorId: '7',
          actorLabel: 'ada@example.com',
          requestId: 'request-1',
          action: 'add',
          entity: 'shop.product',
          objectKey: String(row.id),
          objectText: 'Kettle',
          changes: {
            name: { after: 'Kettle' },
            price: { after: '12.50' },
            since: { after: '2026-02-03T04:05:06.000Z' },
          },
        },
      ]);
    });

    it('names nobody where nobody is logged in', async () => {
      await db.save(product({ name: 'Kettle' }));
      expect(await entries()).toMatchObject([{ actorId: null, actorLabel: '', requestId: null }]);
    });

    it('holds the value of each changed field before and after', async () => {
      const row = await db.save(product({ name: 'Kettle', price: '1.00' }));
      await clearLog();
      await db.save(Object.assign(row, { name: 'Teapot' }));
      expect((await entries()).map(({ action, changes }) => [action, changes])).toEqual([
        ['change', { name: { before: 'Kettle', after: 'Teapot' } }],
      ]);
    });

    it('is not made when nothing changed', async () => {
      const row = await db.save(product({ name: 'Kettle' }));
      await clearLog();
      await db.save(row);
      await db.objects(Product).filter({ id: row.id }).update({ name: 'Kettle' });
      expect(await entries()).toEqual([]);
    });

    it('keeps what was deleted', async () => {
      const row = await db.save(product({ name: 'Kettle' }));
      const key = String(row.id);
      await clearLog();
      await db.remove(row);
      expect(await entries()).toMatchObject([
        { action: 'delete', objectKey: key, objectText: 'Kettle', changes: { name: { before: 'Kettle' } } },
      ]);
    });

    it('hides secrets', async () => {
      const row = await db.save(product({ name: 'Kettle', pin: '1234' }));
      await db.save(Object.assign(row, { pin: '9876' }));
      const log = await entries();
      expect(log.at(-1)?.changes).toEqual({ pin: { before: '(hidden)', after: '(hidden)' } });
      expect(JSON.stringify(log)).not.toMatch(/1234|9876/);
    });

    it('holds the keys of relations', async () => {
      const [red, blue] = await db.save([tag('red'), tag('blue')]);
      const row = await db.save(product({ name: 'Kettle' }));
      await clearLog();
      await db.save(Object.assign(row, { main: red }));
      await db.related(row, 'tags').add(red, blue);
      await db.related(row, 'tags').remove(red);
      const keys = [String(red.id), String(blue.id)];
      expect((await entries()).map(({ action, changes }) => [action, changes])).toEqual([
        ['change', { main: { before: null, after: keys[0] } }],
        ['link', { tags: { added: keys, removed: [] } }],
        ['link', { tags: { added: [], removed: [keys[0]] } }],
      ]);
    });
  });

  describe('bulk writes', () => {
    it('leave one entry for each row', async () => {
      await db.save([product({ name: 'a' }), product({ name: 'b' }), product({ name: 'c' })]);
      await clearLog();
      await db
        .objects(Product)
        .filter({ name__in: ['a', 'b'] })
        .update({ price: '3.00' });
      await db.objects(Product).filter({ name: 'c' }).delete();
      expect((await entries()).map(({ action, objectText, changes }) => [action, objectText, changes.price])).toEqual([
        ['change', 'a', { before: '0.00', after: '3.00' }],
        ['change', 'b', { before: '0.00', after: '3.00' }],
        ['delete', 'c', { before: '0.00' }],
      ]);
    });
  });

  describe('a transaction', () => {
    it('that is rolled back leaves no entries', async () => {
      const work = db.atomic(async () => {
        await db.save(product({ name: 'Kettle' }));
        await trail.record({ action: 'export' });
        throw new Error('no');
      });
      await expect(work).rejects.toThrow('no');
      expect(await entries()).toEqual([]);
    });

    it('keeps entries and rows together', async () => {
      await db.atomic(async () => {
        await db.save(product({ name: 'Kettle' }));
        await trail.record({ action: 'export', message: 'as CSV' });
      });
      expect((await entries()).map(({ action }) => action)).toEqual(['add', 'export']);
    });
  });

  describe('the trail', () => {
    it('gives the history of one row, newest first, in pages', async () => {
      const row = await db.save(product({ name: '0' }));
      await db.save(product({ name: 'another' }));
      for (let index = 1; index < 5; index += 1) await db.save(Object.assign(row, { name: String(index) }));
      const description = db.describe(Product);
      const first = await trail.forObject(description, String(row.id), { limit: 3 });
      expect(first.more).toBe(true);
      expect(first.entries.map(({ objectText }) => objectText)).toEqual(['4', '3', '2']);
      const second = await trail.forObject(description, String(row.id), { offset: 3, limit: 3 });
      expect(second.more).toBe(false);
      expect(second.entries.map(({ objectText }) => objectText)).toEqual(['1', '0']);
    });

    it('tells actors apart', async () => {
      await as(() => db.save(product({ name: 'hers' })));
      await db.save(product({ name: 'nobody’s' }));
      expect((await trail.recent(ADA)).map(({ objectText }) => objectText)).toEqual(['hers']);
      expect(await trail.recent({ id: '8' })).toEqual([]);
    });

    it('keeps long texts short enough for their columns', async () => {
      await trail.record({ action: 'x'.repeat(80), text: `${'x'.repeat(199)}🦜`, message: 'm'.repeat(600) });
      const [entry] = await entries();
      expect(entry).toMatchObject({ action: 'x'.repeat(50), objectText: 'x'.repeat(199), message: 'm'.repeat(500) });
    });
  });

  describe('which entities are audited', () => {
    it('is said by the entity', async () => {
      await db.save(visit());
      expect(await entries()).toEqual([]);
    });

    it('is said by whoever adds one', async () => {
      app.get(AuditedEntities).add(Visit);
      await db.save(visit());
      expect(await entries()).toMatchObject([{ entity: 'shop.visit', objectKey: '[["day","3"],["place","home"]]' }]);
    });

    it('is said by the settings, for all or for all but some', async () => {
      await app.close();
      await open(new AuditConfig('all', new Set(['shop.tag'])));
      await db.save(visit());
      await db.save(tag('red'));
      expect((await entries()).map(({ entity }) => entity)).toEqual(['shop.visit']);
    });
  });

  async function clearLog(): Promise<void> {
    await db.objects(AuditEntry).delete();
  }
});

function tag(name: string): Tag {
  return Object.assign(new Tag(), { name });
}

function visit(): Visit {
  return Object.assign(new Visit(), { place: 'home', day: 3, count: 1 });
}
