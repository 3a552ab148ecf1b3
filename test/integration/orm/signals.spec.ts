import { Injectable, Logger } from '@nestjs/common';
import { CoreModule, OnSignal, SecretKeys, SignalHub, withoutSignals, type Connection } from 'bowerbird/core';
import {
  Database,
  Observes,
  postBulkCreate,
  postBulkDelete,
  postBulkUpdate,
  postDelete,
  postSave,
  preBulkCreate,
  preBulkDelete,
  preBulkUpdate,
  preDelete,
  preSave,
  rawWrites,
  relatedChanged,
  type BulkDeleteEvent,
  type DeleteEvent,
  type Observer,
  type RelatedEvent,
  type SaveEvent,
} from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Shelf {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity()
class Label {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) name: string;
  @Column({ default: 0 }) weight: number;
}

@Entity()
class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) title: string;
  @Column({ length: 40, default: '' }) slug: string;
  @Column({ default: 0 }) pages: number;
  @ManyToOne(() => Shelf, { onDelete: 'CASCADE', nullable: true }) shelf: Relation<Shelf> | null;
  @ManyToMany(() => Label) @JoinTable() labels: Relation<Label>[];
}

@Entity()
class Folder {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToOne(() => Folder, { onDelete: 'CASCADE', nullable: true }) parent: Relation<Folder> | null;
  @DeleteDateColumn() deletedAt: Date | null;
}

/** What receivers heard, in order. */
@Injectable()
class Heard {
  readonly all: string[] = [];
}

@Injectable()
class Slugs {
  constructor(private readonly heard: Heard) {}

  @OnSignal(preSave, Book)
  fill({ row, created, raw, changed }: SaveEvent<Book>): void {
    if (raw) return;
    if (created || changed.includes('title')) row.slug = row.title.toLowerCase();
  }

  @OnSignal(postSave, Book, { order: 5 })
  late({ row }: SaveEvent<Book>): void {
    this.heard.all.push(`late ${row.title}`);
  }

  @OnSignal(postSave, Book)
  async saved({ row, created, changed, key, database }: SaveEvent<Book>): Promise<void> {
    await Promise.resolve();
    this.heard.all.push(
      `${created ? 'created' : 'updated'} ${row.title} [${changed.join()}] ${Number(key) === row.id} ${database}`,
    );
  }

  @OnSignal(postSave, Book, { onCommit: true, order: -1 })
  committed({ row }: SaveEvent<Book>): void {
    this.heard.all.push(`committed ${row.title}`);
  }
}

/** Hears everything of labels. */
@Observes(Label)
@Injectable()
class LabelObserver implements Observer<Label> {
  constructor(private readonly heard: Heard) {}

  preDelete({ row }: DeleteEvent<Label>): void {
    this.heard.all.push(`preDelete ${row.name} ${row.id !== undefined}`);
  }

  postDelete({ row, key, soft }: DeleteEvent<Label>): void {
    this.heard.all.push(`postDelete ${row.name} ${key !== ''} ${soft}`);
  }

  postBulkDelete({ keys, count, cause }: BulkDeleteEvent<Label>): void {
    this.heard.all.push(`postBulkDelete ${keys.length} ${count} ${cause}`);
  }
}

describe('signals', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let heard: string[];
    let hub: SignalHub;
    const connections: Connection[] = [];
    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [Shelf, Label, Book, Folder],
        providers: [Slugs, LabelObserver, Heard],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      });
      db = app.db;
      hub = app.get(SignalHub);
      heard = app.get(Heard).all;
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      await withoutSignals(async () => {
        for (const entity of [Book, Label, Shelf]) await db.objects<object>(entity).delete();
      });
      heard.length = 0;
    });
    afterEach(() => {
      for (const connection of connections.splice(0)) connection.disconnect();
    });

    const book = (title: string, values: Partial<Book> = {}): Promise<Book> =>
      db.save(Object.assign(new Book(), { title, ...values }));
    const label = (name: string): Promise<Label> => db.save(Object.assign(new Label(), { name }));
    const silently = <R>(work: () => R): R => withoutSignals(work);

    it('tell of a new row: before, when it may be changed, and after, in the order of the receivers', async () => {
      const row = await book('Emma');
      expect(row.slug).toBe('emma');
      expect((await db.objects(Book).get()).slug).toBe('emma');
      expect(heard).toEqual(['created Emma [] true default', 'late Emma', 'committed Emma']);
    });

    it('tell of an update and of what it writes, and of nothing when nothing is written', async () => {
      const row = await silently(() => book('Emma'));
      await db.save(Object.assign(row, { title: 'Persuasion' }));
      expect(heard).toEqual([
        'updated Persuasion [title,slug] true default',
        'late Persuasion',
        'committed Persuasion',
      ]);
      heard.length = 0;
      await db.save(row);
      expect(heard).toEqual([]);
    });

    it('are sent by create, insert and getOrCreate like by save', async () => {
      await db.objects(Book).create({ title: 'A' });
      await db.objects(Book).getOrCreate({ title: 'B' });
      await db.dataSource.getRepository(Book).insert([{ title: 'C' }, { title: 'D' }]);
      expect(heard.filter((text) => text.startsWith('created'))).toHaveLength(4);
      expect(await db.objects(Book).orderBy('title').flat('slug').all()).toEqual(['a', 'b', 'c', 'd']);
    });

    it('tell of several rows one after another', async () => {
      await db.save([Object.assign(new Book(), { title: 'A' }), Object.assign(new Book(), { title: 'B' })]);
      expect(heard.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
        'created A', 'late A', 'created B', 'late B', 'committed A', 'committed B',
      ]); // prettier-ignore
    });

    it('undo everything when a receiver throws, and never reach receivers that wait for the commit', async () => {
      connections.push(
        hub.connect(postSave, Book, async ({ row }) => {
          await db.save(Object.assign(new Shelf(), { name: row.title }));
          if (row.title === 'Bad') throw new Error('no bad books');
        }),
      );
      await expect(book('Bad')).rejects.toThrow('no bad books');
      await expect(db.objects(Book).create({ title: 'Bad' })).rejects.toThrow('no bad books');
      await expect(db.dataSource.getRepository(Book).insert({ title: 'Bad' })).rejects.toThrow('no bad books');
      expect(await db.objects(Book).count()).toBe(0);
      expect(await db.objects(Shelf).count()).toBe(0);
      expect(heard.some((text) => text.startsWith('committed'))).toBe(false);
      await book('Good');
      expect(await db.objects(Shelf).count()).toBe(1);
    });

    it('reach receivers after the outermost commit, and not when a part is rolled back', async () => {
      await db.atomic(async () => {
        await book('A');
        await db.atomic(async () => { await book('B'); throw new Error('never mind'); }).catch(() => undefined); // prettier-ignore
        expect(heard).not.toContain('committed A');
      });
      expect(heard.filter((text) => text.startsWith('committed'))).toEqual(['committed A']);
    });

    it('that wait for the commit may stand for themselves', async () => {
      const logged = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
      const fail = (): never => {
        throw new Error('index is down');
      };
      connections.push(
        hub.connect(postSave, Shelf, fail, { onCommit: true }),
        hub.connect(postSave, Shelf, () => void heard.push('behind'), { onCommit: true }),
        hub.connect(postSave, Shelf, fail, { onCommit: 'robust' }),
        hub.connect(postSave, Shelf, () => void heard.push('robust'), { onCommit: 'robust' }),
      );
      await expect(db.atomic(() => db.save(Object.assign(new Shelf(), { name: 'A' })))).rejects.toMatchObject({
        code: 'orm.on_commit',
        skipped: 1,
      });
      expect(await db.objects(Shelf).count()).toBe(1);
      expect(heard).toEqual(['robust']);
      expect(logged).toHaveBeenCalledOnce();
      logged.mockRestore();
    });

    it('tell of a deletion of loaded rows', async () => {
      const spam = await silently(() => label('spam'));
      await db.remove(spam);
      expect(heard).toEqual(['preDelete spam true', 'postDelete spam true false']);
    });

    it('refuse a deletion', async () => {
      const spam = await silently(() => label('spam'));
      connections.push(
        hub.connect(preDelete, Label, () => {
          throw new Error('kept');
        }),
      );
      await expect(db.remove(spam)).rejects.toThrow('kept');
      expect(await db.objects(Label).count()).toBe(1);
    });

    it('tell of bulk updates, whoever makes them', async () => {
      const events: [string, readonly unknown[], object, number][] = [];
      for (const signal of [preBulkUpdate, postBulkUpdate])
        connections.push(
          hub.connect(signal, Book, async ({ keys, values, rows }) => {
            events.push([signal.name, keys, values, await rows.filter({ pages__gt: 5 }).count()]);
          }),
        );
      const [a, b] = await silently(async () => [await book('A', { pages: 1 }), await book('B', { pages: 2 })]);
      expect(await db.objects(Book).filter({ pages: 1 }).update({ pages: 10 })).toBe(1);
      expect(events.splice(0)).toEqual([
        ['preBulkUpdate', [String(a.id)], { pages: 10 }, 0],
        ['postBulkUpdate', [String(a.id)], { pages: 10 }, 1],
      ]);
      await db.dataSource.getRepository(Book).update({ id: b.id }, { pages: 20 });
      await db.dataSource.getRepository(Book).increment({ title: 'B' }, 'pages', 1);
      expect(events.map(([name, keys]) => [name, keys])).toEqual([
        ['preBulkUpdate', [String(b.id)]],
        ['postBulkUpdate', [String(b.id)]],
        ['preBulkUpdate', [String(b.id)]],
        ['postBulkUpdate', [String(b.id)]],
      ]);
      expect(events[0]![2]).toEqual({ pages: 20 });
      expect((await db.objects(Book).get({ id: b.id })).pages).toBe(21);
    });

    it('let a receiver stop a bulk update', async () => {
      await silently(() => book('A', { pages: 1 }));
      connections.push(
        hub.connect(postBulkUpdate, Book, () => {
          throw new Error('frozen');
        }),
      );
      await expect(db.objects(Book).update({ pages: 9 })).rejects.toThrow('frozen');
      await expect(db.dataSource.getRepository(Book).update({ pages: 1 }, { pages: 9 })).rejects.toThrow('frozen');
      expect((await db.objects(Book).get()).pages).toBe(1);
    });

    it('tell of bulk deletions and of rows that go with others', async () => {
      const events: unknown[] = [];
      for (const signal of [preBulkDelete, postBulkDelete])
        connections.push(
          hub.connect(signal, null, ({ entity, keys, count, cause, soft }) => {
            events.push([signal.name, entity.name, keys.length, count, cause, soft]);
          }),
        );
      await silently(async () => {
        const shelf = await db.save(Object.assign(new Shelf(), { name: 'Top' }));
        await book('A', { shelf });
        await book('B', { shelf });
        await book('C');
      });
      expect(await db.objects(Book).filter({ title: 'C' }).delete()).toBe(1);
      expect(events.splice(0)).toEqual([
        ['preBulkDelete', 'Book', 1, 1, undefined, false],
        ['postBulkDelete', 'Book', 1, 1, undefined, false],
      ]);
      await db.objects(Shelf).delete();
      expect(events.splice(0)).toEqual([
        ['preBulkDelete', 'Shelf', 1, 1, undefined, false],
        ['postBulkDelete', 'Book', 2, 2, 'shelf “Top”', false],
        ['postBulkDelete', 'Shelf', 1, 1, undefined, false],
      ]);
      const row = await silently(async () => {
        const shelf = await db.save(Object.assign(new Shelf(), { name: 'Low' }));
        await book('D', { shelf });
        return shelf;
      });
      await db.remove(row);
      expect(events).toEqual([['postBulkDelete', 'Book', 1, 1, 'shelf “Low”', false]]);
      await silently(() => label('spam'));
      await db.dataSource.createQueryBuilder().delete().from(Label).execute();
      expect(heard.at(-1)).toBe('postBulkDelete 1 1 undefined');
    });

    it('tell of links, however they change', async () => {
      const events: string[] = [];
      const [row, a, b] = await silently(async () => [await book('A'), await label('a'), await label('b')]);
      const names = new Map([a, b].map(({ id, name }) => [String(id), name]));
      const shown = (keys: RelatedEvent<Book>['added']) => keys.map((key) => names.get(key as string)).join();
      connections.push(
        hub.connect(relatedChanged, Book, ({ key, path, added, removed }) => {
          events.push(`${key === String(row.id)} ${path} +${shown(added)} -${shown(removed)}`);
        }),
      );
      const labels = db.related(row, 'labels');
      await labels.add(a, b);
      await labels.add(a);
      await labels.remove(b);
      await labels.set([b]);
      await labels.clear();
      expect(events.splice(0)).toEqual([
        'true labels +a,b -',
        'true labels + -b',
        'true labels +b -a',
        'true labels + -b',
      ]);
      await db.save(Object.assign(row, { labels: [a] }));
      expect(events).toEqual(['true labels +a -']);
    });

    it('tell of upserts what was new and what was there', async () => {
      const events: unknown[] = [];
      await silently(() => label('old'));
      for (const signal of [preBulkCreate, postBulkCreate])
        connections.push(
          hub.connect(signal, Label, ({ given, created, updated }) => {
            events.push([signal.name, given.length, created.length, updated.length]);
          }),
        );
      connections.push(hub.connect(postSave, Label, () => events.push('postSave')));
      await db.dataSource.getRepository(Label).upsert([{ name: 'old', weight: 2 }, { name: 'new' }], ['name']);
      expect(events).toEqual([
        ['preBulkCreate', 2, 0, 0],
        ['postBulkCreate', 2, 1, 1],
      ]);
    });

    it('tell of rows that are created and changed in bulk', async () => {
      const events: unknown[] = [];
      connections.push(
        hub.connect(preBulkCreate, Book, ({ given }) => {
          for (const row of given as readonly Book[]) row.slug = row.title.toLowerCase();
        }),
        hub.connect(postBulkCreate, Book, ({ created, updated }) => events.push([created.length, updated.length])),
        hub.connect(postBulkUpdate, Book, ({ keys, changed, values }) => events.push([keys.length, changed, values])),
        hub.connect(postBulkCreate, Label, ({ created, updated }) => events.push([created.length, updated.length])),
      );
      const rows = await db.objects(Book).bulkCreate([{ title: 'A' }, { title: 'B' }]);
      expect(await db.objects(Book).orderBy('title').flat('slug').all()).toEqual(['a', 'b']);
      for (const row of rows) row.pages = row.id;
      await db.objects(Book).bulkUpdate(rows, ['pages']);
      await db.objects(Label).bulkCreate([{ name: 'a' }]);
      await db.objects(Label).bulkCreate([{ name: 'a', weight: 3 }, { name: 'b' }], {
        onConflict: { update: ['weight'], unique: ['name'] },
      });
      expect(events).toEqual([
        [2, 0],
        [2, ['pages'], {}],
        [1, 0],
        [1, 1],
      ]);
      expect(heard).toEqual([]);
    });

    it('tell of rows that are marked as deleted as of deletions, and of their return as of an update', async () => {
      const events: unknown[] = [];
      for (const signal of [preDelete, postDelete])
        connections.push(
          hub.connect(signal, Folder, ({ row, soft, key }) => {
            events.push([signal.name, row.name, soft, Number(key) === row.id, row.deletedAt !== null]);
          }),
        );
      for (const signal of [preBulkDelete, postBulkDelete])
        connections.push(hub.connect(signal, Folder, ({ count, soft }) => events.push([signal.name, count, soft])));
      connections.push(hub.connect(postBulkUpdate, Folder, ({ values, keys }) => events.push([values, keys.length])));
      const folder = (name: string, parent: Folder | null = null): Promise<Folder> =>
        db.save(Object.assign(new Folder(), { name, parent }));
      const top = await folder('top');
      await folder('inner', top);
      await db.remove(top);
      expect(events.splice(0)).toEqual([
        ['preDelete', 'top', true, true, false],
        ['preBulkDelete', 1, true],
        ['postBulkDelete', 1, true],
        ['postDelete', 'top', true, true, true],
      ]);
      await db.objects(Folder).restore();
      expect(events.splice(0)).toEqual([[{ deletedAt: null }, 2]]);
      await db.objects(Folder).filter({ name: 'top' }).delete();
      expect(events).toEqual([
        ['preBulkDelete', 1, true],
        ['postBulkDelete', 1, true],
        ['preBulkDelete', 1, true],
        ['postBulkDelete', 1, true],
      ]);
    });

    it('say when rows come from a fixture, and are not heard when silenced', async () => {
      const raws: boolean[] = [];
      connections.push(hub.connect(preSave, Book, ({ raw }) => raws.push(raw)));
      expect((await rawWrites(() => book('Emma'))).slug ?? '').toBe('');
      await withoutSignals(() => book('Quiet'));
      await withoutSignals(() => book('Half'), postSave);
      expect(raws).toEqual([true, false]);
      expect(heard.filter((text) => text.includes('Half') || text.includes('Quiet'))).toEqual([]);
    });

    it('end for a receiver that is disconnected', async () => {
      let count = 0;
      const connection = hub.connect(postSave, Shelf, () => (count += 1));
      await db.save(Object.assign(new Shelf(), { name: 'A' }));
      connection.disconnect();
      connection.disconnect();
      await db.save(Object.assign(new Shelf(), { name: 'B' }));
      expect(count).toBe(1);
      expect(hub.hears(postSave, Shelf)).toBe(false);
      expect(hub.hears(postDelete, Label)).toBe(true);
    });
  });
});
