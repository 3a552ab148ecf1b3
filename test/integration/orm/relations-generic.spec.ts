import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import {
  ContentType,
  ContentTypes,
  ContentTypesModule,
  GenericForeignKey,
  GenericRelation,
  GenericRelations,
  Migrator,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Photo {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  file: string;

  @GenericRelation(() => Note, 'target')
  notes: Note[];
}

@Entity()
class Seat {
  @PrimaryColumn({ length: 2 })
  row: string;

  @PrimaryColumn()
  number: number;
}

@Entity()
class Note {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  text: string;

  @Column({ type: 'int', nullable: true })
  contentTypeId: number | null;

  @Column({ type: 'varchar', length: 100, nullable: true })
  objectKey: string | null;

  @GenericForeignKey()
  target: object | null;
}

eachDatabase((database) => {
  describe('references to rows of any entity', () => {
    let app: OrmTestApp;
    let generic: GenericRelations;
    const photos: Photo[] = [];
    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [Photo, Seat, Note, ContentType],
        providers: [ContentTypes, GenericRelations],
      });
      generic = app.get(GenericRelations);
      for (const file of ['a.jpg', 'b.jpg']) photos.push(await app.db.objects(Photo).create({ file }));
      const seat = await app.db.objects(Seat).create({ row: 'A', number: 7 });
      for (const [text, target] of [
        ['one', photos[0]],
        ['two', photos[1]],
        ['three', seat],
        ['four', photos[0]],
        ['none', null],
      ] as const) {
        const note = Object.assign(new Note(), { text });
        await generic.assign(note, 'target', target!);
        await app.db.save(note);
      }
    });
    afterAll(() => app?.close());

    const notes = () => app.db.objects(Note).orderBy('id');

    it('are loaded by one statement for each kind of row', async () => {
      const rows = await notes().all();
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, () => generic.load(rows, 'target'));
      expect(log).toHaveLength(2);
      expect(rows.map(({ target }) => target?.constructor.name)).toEqual([
        'Photo',
        'Photo',
        'Seat',
        'Photo',
        undefined,
      ]);
      expect(rows[0]!.target).toBe(rows[3]!.target);
      expect(rows[2]!.target).toMatchObject({ row: 'A', number: 7 });
      expect(rows[4]!.target).toBeNull();
    });

    it('are followed backwards, as a query and for many rows', async () => {
      const query = await generic.related<Note>(photos[0]!, 'notes');
      expect(await query.filter({ text: 'four' }).count()).toBe(1);
      const rows = await app.db.objects(Photo).orderBy('id').all();
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, () => generic.load(rows, 'notes'));
      expect(log).toHaveLength(1);
      expect(rows.map((photo) => photo.notes.map(({ text }) => text).sort())).toEqual([['four', 'one'], ['two']]);
    });

    it('become null when the row is gone', async () => {
      const photo = await app.db.objects(Photo).create({ file: 'c.jpg' });
      const note = Object.assign(new Note(), { text: 'gone' });
      await generic.assign(note, 'target', photo);
      await app.db.save(note);
      await app.db.remove(photo);
      const [row] = await notes().filter({ text: 'gone' }).all();
      await generic.load([row!], 'target');
      expect(row!.target).toBeNull();
      await app.db.remove(row!);
    });

    it('know their kinds by a key that is the same in every database', async () => {
      const types = app.get(ContentTypes);
      const type = await types.of(Photo);
      expect(type.key()).toBe('shop.photo');
      expect((await types.named('shop.photo')).id).toBe(type.id);
      expect(await types.entityOf(type.id)).toBe(Photo);
      expect(await types.entityOf(-1)).toBeUndefined();
      await app.db.save(Object.assign(new ContentType(), { app: 'old', entity: 'thing' }));
      expect((await types.stale()).map((one) => one.key())).toEqual(['old.thing']);
      await expect(types.named('no.thing')).rejects.toMatchObject({ code: 'orm.unknown_entity' });
    });

    it('refuse properties that are none', async () => {
      const [row] = await notes().all();
      await expect(generic.load([row!], 'text')).rejects.toMatchObject({ code: 'orm.unknown_path' });
      await expect(generic.related(photos[0]!, 'file')).rejects.toMatchObject({ code: 'orm.unknown_path' });
    });
  });
});

describe('the app of content types', () => {
  it('brings its table, and a row for each entity after migrate', async () => {
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Photo],
      app: { managed: false },
      apps: [ContentTypesModule],
      synchronize: false,
    });
    await app.get(Migrator).migrate();
    expect(await app.db.objects(ContentType).flat('entity').all()).toEqual(['contenttype', 'photo']);
    await app.close();
  });
});
