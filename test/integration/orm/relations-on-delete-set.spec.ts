import { Injectable } from '@nestjs/common';
import { CoreModule, QUERY_LOG, runWith, SecretKeys, SignalHub, type QueryRecord } from 'bowerbird/core';
import {
  ForeignKeyError,
  OnDeleteSet,
  OnWrite,
  postBulkUpdate,
  ReplacementError,
  WriteListener,
  type EntityDescription,
  type ReplacementContext,
  type WriteEvent,
} from 'bowerbird/orm';
import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Firm {
  @PrimaryGeneratedColumn() id: number;
  @DeleteDateColumn() closedAt: Date | null;
}

@Entity()
class Writer {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @ManyToOne(() => Firm, { onDelete: 'CASCADE' }) firm: Relation<Firm> | null;
}

let asked: ReplacementContext[] = [];
let replacement: (context: ReplacementContext) => unknown;

async function ghost({ objects }: ReplacementContext): Promise<Writer> {
  return (await objects(Writer).getOrCreate({ name: 'ghost' })).row;
}

@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @ManyToOne(() => Writer, { nullable: false })
  @OnDeleteSet(async (context) => {
    asked.push(context);
    return (await replacement(context)) as Writer;
  })
  author: Relation<Writer>;
  @OnDeleteSet(null) @ManyToOne(() => Writer) editor: Relation<Writer> | null;
  @ManyToOne(() => Note, { createForeignKeyConstraints: false }) @OnDeleteSet(1) first: Relation<Note> | null;
}

@Entity()
class Desk {
  @PrimaryColumn() floor: number;
  @PrimaryColumn() place: number;
}

@Entity()
class Lamp {
  @PrimaryGeneratedColumn() id: number;
  @OneToOne(() => Desk)
  @JoinColumn([
    { name: 'floor', referencedColumnName: 'floor' },
    { name: 'place', referencedColumnName: 'place' },
  ])
  @OnDeleteSet(() => ({ floor: 0, place: 0 }))
  desk: Relation<Desk>;
}

@Entity()
class Badge {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Firm, { nullable: false })
  @OnDeleteSet<Firm>(async ({ objects }) => (await objects(Firm).orderBy('-id').first())!)
  firm: Relation<Firm>;
}

@OnWrite()
@Injectable()
class Recorder extends WriteListener {
  readonly events: WriteEvent[] = [];

  interested({ target }: EntityDescription): boolean {
    return target === Note;
  }

  async written(event: WriteEvent): Promise<void> {
    this.events.push(event);
  }
}

eachDatabase((database) => {
  let app: OrmTestApp;
  let recorder: Recorder;
  let ann: Writer;
  let bob: Writer;
  beforeAll(async () => {
    const entities = [Firm, Writer, Note, Desk, Lamp, Badge];
    app = await openOrm({
      database: database.url,
      entities,
      providers: [Recorder],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
    });
    recorder = app.get(Recorder);
  });
  beforeEach(async () => {
    replacement = ghost;
    for (const entity of [Note, Lamp, Desk, Badge]) await app.db.objects<object>(entity).delete();
    for (const entity of [Writer, Firm]) await app.db.objects<object>(entity).withoutScopes().forceDelete();
    const firm = await app.db.objects(Firm).create({});
    ann = await app.db.objects(Writer).create({ name: 'ann', firm });
    bob = await app.db.objects(Writer).create({ name: 'bob' });
    asked = [];
  });
  afterAll(() => app?.close());

  const writers = () => app.db.objects(Writer);
  const notes = () => app.db.objects(Note);

  async function write(count: number, author: Writer): Promise<Note[]> {
    const rows = Array.from({ length: count }, (_, index) => ({ text: `n${index}`, author, editor: author }));
    return notes().bulkCreate(rows);
  }

  async function authors(): Promise<readonly unknown[]> {
    return notes().orderBy('id').flat('author.name').all();
  }

  async function statements(work: () => Promise<unknown>): Promise<number> {
    const log: QueryRecord[] = [];
    await runWith(QUERY_LOG, log, work);
    return log.length;
  }

  it('sets what referred, once for all rows, and asks only where rows refer', async () => {
    await write(3, ann);
    await write(1, bob);
    expect(await writers().filter({ name: 'ann' }).delete()).toBe(1);
    expect(await authors()).toEqual(['ghost', 'ghost', 'ghost', 'bob']);
    expect(await notes().filter({ editor__isnull: true }).count()).toBe(3);
    expect(asked.map(({ database: alias, entity }) => [alias, entity])).toEqual([['default', Note]]);
    await writers().create({ name: 'carl' });
    await writers().filter({ name: 'carl' }).delete();
    expect(asked).toHaveLength(1);
  });

  it('does so however rows are deleted', async () => {
    const repository = app.db.dataSource.getRepository(Writer);
    const ways: Readonly<Record<string, (row: Writer) => Promise<unknown>>> = {
      rows: ({ id }) => writers().filter({ id }).delete(),
      counted: ({ id }) => writers().filter({ id }).deleteAndCount(),
      database: (row) => app.db.remove(row),
      remove: (row) => repository.remove(row),
      several: (row) => repository.remove([row, bob]),
      delete: ({ id }) => repository.delete({ id }),
      builder: ({ id }) => repository.createQueryBuilder().delete().where({ id }).execute(),
    };
    for (const [name, way] of Object.entries(ways)) {
      const row = await writers().create({ name });
      await write(2, row);
      await way(row);
      expect([name, await authors()]).toEqual([name, ['ghost', 'ghost']]);
      expect(asked).toHaveLength(1);
      asked = [];
      await notes().delete();
    }
  });

  it('reaches rows that go by cascade, and is told of before', async () => {
    await write(2, ann);
    const firms = app.db.objects(Firm);
    await app.db.objects(Badge).create({ firm: (await firms.get({})).id });
    const last = await firms.create({});
    const told = await writers().filter({ name: 'ann' }).deletionEffects();
    expect(told.map(({ kind, relation, count }) => [kind, relation?.path, count])).toEqual([
      ['delete', undefined, 1],
      ['replace', 'author', 2],
      ['replace', 'editor', 2],
    ]);
    expect(await notes().filter(told[1]!.where!).count()).toBe(2);
    await firms.exclude({ id: last.id }).forceDelete();
    expect(await authors()).toEqual(['ghost', 'ghost']);
    expect(await app.db.objects(Badge).flat('firm').all()).toEqual([last.id]);
  });

  it('leaves references to rows that are only marked, and forbids no marking', async () => {
    const [firm] = await app.db.objects(Firm).all();
    await app.db.objects(Badge).create({ firm: firm! });
    await app.db.remove(firm!);
    expect(await app.db.objects(Badge).flat('firm').all()).toEqual([firm!.id]);
    expect((await app.db.objects(Firm).onlyTrashed().deletionEffects()).map(({ kind }) => kind)).toEqual(['delete']);
  });

  it('refuses what goes as well, what is nothing, and null where there must be a value', async () => {
    await write(1, ann);
    await ghost({ objects: (entity) => app.db.objects(entity) } as ReplacementContext);
    await expect(writers().delete()).rejects.toThrow(
      'Note.author cannot be set to another row: the Writer that it gives is deleted as well',
    );
    replacement = () => undefined;
    const all = writers().filter({ name: 'ann' });
    await expect(all.delete()).rejects.toThrow('its @OnDeleteSet gives nothing');
    replacement = () => null;
    await expect(app.db.remove(await all.get({}))).rejects.toThrow(ReplacementError);
    replacement = () => Promise.reject(new Error('no ghosts'));
    await expect(all.delete()).rejects.toThrow('no ghosts');
    expect(await authors()).toEqual(['ann']);
    expect(await writers().count()).toBe(3);
    await expect(app.db.query(`DELETE FROM writer WHERE name = 'ann'`)).rejects.toThrow(ForeignKeyError);
  });

  it('needs nobody where all rows that refer go themselves', async () => {
    const [first] = await write(3, ann);
    await notes().update({ first: first!.id });
    expect(await notes().delete()).toBe(3);
    const [other] = await write(2, bob);
    await notes().update({ first: other!.id });
    await app.db.remove(await notes().all());
    expect([await notes().count(), asked]).toEqual([0, []]);
  });

  it('takes keys of several columns', async () => {
    await app.db.objects(Desk).bulkCreate([
      { floor: 0, place: 0 },
      { floor: 2, place: 3 },
    ]);
    await app.db.objects(Lamp).create({ desk: { floor: 2, place: 3 } });
    await app.db.objects(Desk).filter({ floor: 2 }).delete();
    expect(await app.db.objects(Lamp).values('desk.floor', 'desk.place').all()).toEqual([
      { 'desk.floor': 0, 'desk.place': 0 },
    ]);
  });

  it('tells signals and listeners of the rows that it changes', async () => {
    const [note] = await write(1, ann);
    const events: unknown[] = [];
    recorder.events.length = 0;
    const hub = app.get(SignalHub);
    const connection = hub.connect(postBulkUpdate, Note, ({ keys, changed }) => events.push([keys, changed]));
    await app.db.remove(ann);
    connection.disconnect();
    const key = String(note!.id);
    expect(events).toEqual([
      [[key], ['author']],
      [[key], ['editor']],
    ]);
    expect(recorder.events.map(({ kind, before, after }) => [kind, before?.author === after?.author])).toEqual([
      ['update', false],
      ['update', true],
    ]);
  });

  it('costs as many statements for many rows as for few', async () => {
    await ghost({ objects: (entity) => app.db.objects(entity) } as ReplacementContext);
    await write(2, ann);
    const few = await statements(() => writers().filter({ name: 'ann' }).delete());
    await write(200, bob);
    expect(await statements(() => writers().filter({ name: 'bob' }).delete())).toBe(few);
  });

  it('leaves the foreign key as it is', () => {
    const { onDelete, onDeleteSet } = app.db.describe(Note).relation('author')!;
    expect([onDelete, onDeleteSet?.fixed]).toEqual(['no-action', false]);
  });
});
