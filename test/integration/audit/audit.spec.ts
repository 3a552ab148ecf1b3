import { AuditConfig, AuditedEntities, AuditEntry, AuditTrail, type FieldChange } from 'bowerbird/audit';
import { ACTOR, QUERY_LOG, REQUEST_ID, runInContext, runWith, type QueryRecord } from 'bowerbird/core';
import { Field, Meta, type Database } from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  In,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
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

@Entity()
@Meta({ audited: true })
class Draft {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40, unique: true })
  name: string;

  @Column({ default: 0 })
  size: number;

  @DeleteDateColumn()
  hiddenAt: Date | null;
}

@Entity()
@Meta({ labelPlural: 'Shelves' })
class Shelf {
  @PrimaryColumn({ length: 20 })
  name: string;
}

@Entity()
@Meta({ audited: true, display: 'title' })
class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  title: string;

  @ManyToOne(() => Shelf, { onDelete: 'CASCADE', nullable: false })
  shelf: Relation<Shelf>;
}

@Entity()
@Meta({ audited: true, display: 'text' })
class Page {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  text: string;

  @ManyToOne(() => Book, { onDelete: 'CASCADE', nullable: false })
  book: Relation<Book>;
}

@Entity()
class Lock {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Shelf, { onDelete: 'RESTRICT', nullable: false })
  shelf: Relation<Shelf>;
}

@Entity()
@Meta({ audited: true })
class Branch {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @ManyToOne(() => Branch, { onDelete: 'CASCADE', nullable: true })
  parent: Relation<Branch> | null;
}

@Entity()
@Tree('materialized-path')
@Meta({ audited: true })
class Folder {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @TreeParent({ onDelete: 'CASCADE' })
  parent: Relation<Folder> | null;

  @TreeChildren()
  children: Relation<Folder>[];
}

const ENTITIES = [Tag, Product, Visit, Draft, Shelf, Book, Page, Lock, Branch, Folder];
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
    for (const { target } of [...db.descriptions.all()].reverse())
      await db.dataSource.createQueryBuilder().delete().from(target).callListeners(false).execute();
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

  describe('what TypeORM writes without loading it', () => {
    const repository = () => db.dataSource.getRepository(Product);
    const log = async () => (await entries()).map(({ action, objectText, changes }) => [action, objectText, changes]);
    const price = (before: string, after: string) => ({ price: { before, after } });

    beforeEach(async () => {
      await db.save([product({ name: 'a' }), product({ name: 'b', price: '2.00' })]);
      await clearLog();
    });

    it('is kept for updates', async () => {
      const result = await as(() => repository().update({ name: 'a' }, { price: '5.00' }));
      expect(result.affected).toBe(1);
      expect(await entries()).toMatchObject([{ actorId: '7', action: 'change', objectText: 'a' }]);
      expect(await log()).toEqual([['change', 'a', price('0.00', '5.00')]]);
    });

    it('is kept for increments and query builders', async () => {
      await repository().increment({ name: In(['a', 'b']) }, 'price', 1);
      await repository()
        .createQueryBuilder()
        .update()
        .set({ price: '9.00' })
        .where('name = :name', { name: 'b' })
        .execute();
      await db.dataSource
        .createQueryBuilder()
        .update(Product)
        .set({ name: () => "'z'" })
        .execute();
      expect(await log()).toEqual([
        ['change', 'a', price('0.00', '1.00')],
        ['change', 'b', price('2.00', '3.00')],
        ['change', 'b', price('3.00', '9.00')],
        ['change', 'z', { name: { before: 'a', after: 'z' } }],
        ['change', 'z', { name: { before: 'b', after: 'z' } }],
      ]);
    });

    it('is kept for hiding and bringing back', async () => {
      await db.save(Object.assign(new Draft(), { name: 'd' }));
      await clearLog();
      await db.dataSource.getRepository(Draft).softDelete({ name: 'd' });
      await db.dataSource.getRepository(Draft).restore({ name: 'd' });
      expect((await entries()).map(({ action, changes }) => [action, Object.keys(changes)])).toEqual([
        ['change', ['hiddenAt']],
        ['change', ['hiddenAt']],
      ]);
    });

    it('is kept for deletions', async () => {
      expect((await repository().delete({ name: 'a' })).affected).toBe(1);
      await repository().createQueryBuilder('p').delete().where('price > 1').execute();
      expect((await log()).map(([action, text]) => [action, text])).toEqual([
        ['delete', 'a'],
        ['delete', 'b'],
      ]);
      expect(await repository().count()).toBe(0);
    });

    it('is kept for upserts, and says which row was new', async () => {
      const drafts = db.dataSource.getRepository(Draft);
      await drafts.insert({ name: 'old', size: 1 });
      await drafts.insert({ name: 'same', size: 1 });
      await clearLog();
      await drafts.upsert(
        [
          { name: 'old', size: 2 },
          { name: 'new', size: 3 },
          { name: 'same', size: 1 },
        ],
        ['name'],
      );
      await drafts
        .createQueryBuilder()
        .insert()
        .values({ name: 'new', size: 7 })
        .orIgnore()
        .updateEntity(false)
        .execute();
      const kept = (await entries()).map(({ action, objectText, changes }) => [action, objectText, changes.size]);
      expect(sorted(kept)).toEqual([
        ['add', 'new', { after: 3 }],
        ['change', 'old', { before: 1, after: 2 }],
      ]);
    });

    it('is dropped with its transaction, whoever opened it', async () => {
      await db
        .atomic(async () => {
          await repository().update({ name: 'a' }, { price: '5.00' });
          throw new Error('no');
        })
        .catch(() => undefined);
      await db.dataSource
        .transaction(async (manager) => {
          await manager.update(Product, { name: 'a' }, { price: '5.00' });
          await manager.delete(Product, { name: 'b' });
          throw new Error('no');
        })
        .catch(() => undefined);
      const runner = db.dataSource.createQueryRunner();
      await runner.startTransaction();
      await runner.manager.update(Product, { name: 'a' }, { price: '5.00' });
      await runner.rollbackTransaction();
      expect(await repository().countBy({ price: '5.00' })).toBe(0);
      await runner.manager.update(Product, { name: 'a' }, { price: '6.00' });
      await runner.release();
      expect(await log()).toEqual([['change', 'a', price('0.00', '6.00')]]);
    });

    it('changes nothing where nothing matches or the change is refused', async () => {
      expect((await repository().update({ name: 'none' }, { price: '5.00' })).affected).toBe(0);
      expect((await repository().delete({ name: 'none' })).affected).toBe(0);
      await db.dataSource.getRepository(Draft).insert([
        { name: 'x', size: 1 },
        { name: 'y', size: 1 },
      ]);
      await clearLog();
      await expect(db.mapped(() => db.dataSource.getRepository(Draft).update({}, { name: 'x' }))).rejects.toThrow();
      const all = () => db.dataSource.createQueryBuilder().update(Draft).set({ name: 'x' }).execute();
      await expect(db.mapped(all)).rejects.toMatchObject({ code: 'orm.unique' });
      expect(await entries()).toEqual([]);
    });

    it('is kept for hundreds of rows, in batches', async () => {
      const many = Array.from({ length: 600 }, (_, index) => ({ name: `d${index}`, size: 0 }));
      await db.dataSource
        .createQueryBuilder()
        .insert()
        .into(Draft)
        .values(many)
        .updateEntity(false)
        .callListeners(false)
        .execute();
      const statements: QueryRecord[] = [];
      const result = await runWith(QUERY_LOG, statements, () =>
        db.dataSource.getRepository(Draft).increment({ size: 0 }, 'size', 1),
      );
      expect(result.affected).toBe(600);
      expect(await db.objects(AuditEntry).filter({ entity: 'shop.draft', action: 'change' }).count()).toBe(600);
      expect(await db.objects(Draft).update({ size: 5 })).toBe(600);
      expect(await db.objects(Draft).delete()).toBe(600);
      expect(await db.objects(AuditEntry).filter({ entity: 'shop.draft' }).count()).toBe(1800);
      expect(statements.length).toBeLessThan(30);
    });

    it('is left alone with callListeners(false)', async () => {
      await db.dataSource.createQueryBuilder().update(Product).set({ price: '5.00' }).callListeners(false).execute();
      expect(await entries()).toEqual([]);
      expect(await repository().countBy({ price: '5.00' })).toBe(2);
    });

    it('is one entry for a row of a tree, whose path TypeORM sets afterwards', async () => {
      const folders = db.dataSource.getRepository(Folder);
      const root = await folders.save(folders.create({ name: 'root', parent: null }));
      await folders.save(folders.create({ name: 'inner', parent: root }));
      expect((await entries()).map(({ action, objectText }) => [action, objectText])).toEqual([
        ['add', 'root'],
        ['add', 'inner'],
      ]);
    });

    it('survives parallel requests', async () => {
      await Promise.all(Array.from({ length: 20 }, () => repository().increment({ name: 'a' }, 'price', 1)));
      expect(sorted((await entries()).map(({ changes }) => (changes.price as FieldChange).after))).toEqual(
        sorted(Array.from({ length: 20 }, (_, index) => `${index + 1}.00`)),
      );
    });
  });

  describe('rows that go by cascade', () => {
    const shelf = async (name: string, books: number): Promise<Shelf> => {
      const made = await db.save(Object.assign(new Shelf(), { name }));
      const titles = Array.from({ length: books }, (_, index) => ({ title: `${name}${index}`, shelf: { name } }));
      const rows = db.dataSource.createQueryBuilder().insert().into(Book).values(titles);
      await rows.updateEntity(false).callListeners(false).execute();
      return made;
    };
    const log = async () =>
      (await entries()).map(({ entity, action, objectText, message }) => [entity, action, objectText, message]);

    it('are kept one by one, whoever deletes', async () => {
      const a = await shelf('a', 2);
      await shelf('b', 1);
      await shelf('c', 1);
      await shelf('d', 1);
      const found = await db.objects(Book).get({ title: 'a0' });
      await db.save(Object.assign(new Page(), { text: 'p', book: found }));
      await clearLog();
      await db.remove(a);
      await db.objects(Shelf).filter({ name: 'b' }).delete();
      await db.dataSource.getRepository(Shelf).delete({ name: In(['c', 'd']) });
      const rows = await log();
      expect([...sorted(rows.slice(0, 3)), ...rows.slice(3)]).toEqual([
        ['shop.book', 'delete', 'a0', 'Deleted with shelf “a”.'],
        ['shop.book', 'delete', 'a1', 'Deleted with shelf “a”.'],
        ['shop.page', 'delete', 'p', 'Deleted with shelf “a”.'],
        ['shop.book', 'delete', 'b0', 'Deleted with shelf “b”.'],
        ['shop.book', 'delete', 'c0', 'Deleted with 2 shelves.'],
        ['shop.book', 'delete', 'd0', 'Deleted with 2 shelves.'],
      ]);
    });

    it('come once when they are removed beside their parent', async () => {
      const a = await shelf('a', 2);
      await clearLog();
      await db.remove([a, ...(await db.objects(Book).all())]);
      expect(sorted((await log()).map(([entity, , text]) => [entity, text]))).toEqual([
        ['shop.book', 'a0'],
        ['shop.book', 'a1'],
      ]);
    });

    it('leave nothing when the deletion is refused', async () => {
      const a = await shelf('a', 1);
      await db.save(Object.assign(new Lock(), { shelf: a }));
      await clearLog();
      await db.atomic(async () => {
        await db.atomic(() => db.remove(a)).catch(() => undefined);
        await db
          .objects(Shelf)
          .delete()
          .catch(() => undefined);
      });
      expect(await db.objects(Book).count()).toBe(1);
      expect(await log()).toEqual([]);
    });

    it('are counted beyond the first thousand', async () => {
      await shelf('a', 1003);
      await clearLog();
      await db.objects(Shelf).filter({ name: 'a' }).delete();
      expect(await db.objects(AuditEntry).filter({ entity: 'shop.book', action: 'delete' }).count()).toBe(1001);
      expect(await db.objects(AuditEntry).get({ objectText: '3 more' })).toMatchObject({
        message: 'Deleted with shelf “a”.',
      });
    });

    it('are kept for a tree that goes with its root', async () => {
      const root = await db.save(Object.assign(new Branch(), { name: 'root', parent: null }));
      const twig = await db.save(Object.assign(new Branch(), { name: 'twig', parent: root }));
      await db.save(Object.assign(new Branch(), { name: 'leaf', parent: twig }));
      await clearLog();
      await db
        .objects(Branch)
        .filter({ name__in: ['root', 'twig'] })
        .delete();
      expect((await entries()).map(({ objectText }) => objectText).sort()).toEqual(['leaf', 'root', 'twig']);
      expect(await db.objects(Branch).count()).toBe(0);
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

/** In an order that does not depend on keys. */
function sorted<T>(rows: readonly T[]): T[] {
  return rows.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
