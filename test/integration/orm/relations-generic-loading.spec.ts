import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import {
  ContentType,
  ContentTypes,
  Count,
  Exists,
  GenericForeignKey,
  GenericPrefetch,
  GenericRelation,
  GenericRelations,
  Max,
  OuterRef,
  Prefetch,
  type Database,
} from 'bowerbird/orm';
import {
  ChildEntity,
  Column,
  DeleteDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Album {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @OneToMany(() => Photo, (photo) => photo.album) photos: Relation<Photo>[];
}

@Entity()
class Photo {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) file: string;
  @ManyToOne(() => Album, (album) => album.photos, { nullable: true }) album: Relation<Album> | null;
  @DeleteDateColumn() deletedAt: Date | null;
  @GenericRelation(() => Note, 'target') notes: Note[];
}

@Entity()
class Clip {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 20 }) file: string;
  @GenericRelation(() => Note, 'target') notes: Note[];
}

@Entity()
class Seat {
  @PrimaryColumn({ length: 5 }) row: string;
  @PrimaryColumn() number: number;
  @GenericRelation(() => Note, 'target') notes: Note[];
}

@Entity()
@TableInheritance({ column: { name: 'kind', type: 'varchar', length: 10 } })
class Media {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) title: string;
  @GenericRelation(() => Note, 'target') notes: Note[];
}

@ChildEntity()
class Film extends Media {
  @Column({ type: 'int', nullable: true }) minutes: number | null;
}

@Entity()
class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @OneToMany(() => Note, (note) => note.author) notes: Relation<Note>[];
}

@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) text: string;
  @Column({ default: 1 }) stars: number;
  @Column({ name: 'kind_id', type: 'int', nullable: true }) contentTypeId: number | null;
  @Column({ type: 'varchar', length: 100, nullable: true }) objectKey: string | null;
  @Column({ type: 'int', nullable: true }) authorId: number | null;
  @ManyToOne(() => Author, (author) => author.notes) @JoinColumn({ name: 'authorId' }) author: Relation<Author> | null;
  @GenericForeignKey() target: object | null;
}

const ENTITIES = [Album, Photo, Clip, Seat, Media, Film, Author, Note];

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  beforeAll(async () => {
    app = await openOrm({
      database: database.url,
      entities: [...ENTITIES, ContentType],
      providers: [ContentTypes, GenericRelations],
    });
    db = app.db;
  });
  afterAll(() => app?.close());

  const note = async (text: string, target: object | null, values: Partial<Note> = {}): Promise<Note> => {
    const made = Object.assign(new Note(), { text, ...values });
    await app.get(GenericRelations).assign(made, 'target', target);
    return db.save(made);
  };
  const notes = () => db.objects(Note).orderBy('id');
  const counted = async <R>(work: () => Promise<R>): Promise<[R, number]> => {
    const log: QueryRecord[] = [];
    const result = await runWith(QUERY_LOG, log, work);
    return [result, log.length];
  };

  let photos: Photo[];
  let clip: Clip;
  let seat: Seat;
  let film: Film;
  let ada: Author;
  beforeEach(async () => {
    for (const entity of [Note, Photo, Clip, Seat, Media, Author, Album])
      await db.objects<object>(entity).withoutScopes().forceDelete();
    const [album] = await db.objects(Album).bulkCreate([{ name: 'Summer' }]);
    photos = await db.objects(Photo).bulkCreate([{ file: 'a', album: album! }, { file: 'b' }, { file: 'c' }]);
    clip = await db.objects(Clip).create({ file: 'x' });
    seat = await db.objects(Seat).create({ row: 'A"1', number: 7 });
    film = await db.objects(Film).create({ title: 'Ran', minutes: 160 });
    ada = await db.objects(Author).create({ name: 'Ada' });
    const [a, b] = photos as [Photo, Photo];
    await note('one', a, { stars: 5, author: ada });
    await note('two', b, { stars: 2 });
    await note('three', seat);
    await note('four', a, { stars: 3 });
    await note('five', clip);
    await note('six', film);
    await note('none', null);
  });

  describe('references to rows of any entity, prefetched', () => {
    it('come by one statement for each kind of row', async () => {
      const [rows, statements] = await counted(() => notes().prefetchRelated('target').all());
      expect(statements).toBe(5);
      expect(rows.map(({ target }) => target?.constructor.name)).toEqual([
        'Photo',
        'Photo',
        'Seat',
        'Photo',
        'Clip',
        'Film',
        undefined,
      ]);
      expect(rows[0]!.target).toBe(rows[3]!.target);
      expect(rows[2]!.target).toMatchObject({ row: 'A"1', number: 7 });
      expect(rows[5]!.target).toMatchObject({ minutes: 160 });
      expect(rows[6]!.target).toBeNull();
    });

    it('come with what is below them, where a kind has that', async () => {
      const [rows, statements] = await counted(() => notes().prefetchRelated('target.album.photos').all());
      expect(statements).toBe(7);
      expect((rows[0]!.target as Photo).album!.photos.map(({ file }) => file)).toEqual(['a']);
      expect((rows[1]!.target as Photo).album).toBeNull();
      await expect(notes().untyped().prefetchRelated('target.nothing').all()).rejects.toMatchObject({
        code: 'orm.unknown_path',
      });
    });

    it('come by queries of their own for some kinds, to a property of their own', async () => {
      const request = GenericPrefetch(
        'target',
        [
          db
            .objects(Photo)
            .filter({ file: 'a' })
            .selectRelated('album')
            .annotate({ remarks: Count('notes') }),
          db.objects(Clip).only('id'),
        ],
        { as: 'subject' },
      );
      const rows = await notes().prefetchRelated(request).all();
      expect(rows[0]!.subject).toMatchObject({ file: 'a', remarks: 2, album: { name: 'Summer' } });
      expect(rows[0]!.target).toBeUndefined();
      expect(rows[1]!.subject).toBeNull();
      expect(rows[2]!.subject).toBeInstanceOf(Seat);
      expect(() => (rows[4]!.subject as Clip).file).toThrow('was not loaded');
    });

    it('come under relations, and on rows that are there already', async () => {
      const [author] = await db.objects(Author).prefetchRelated('notes.target').all();
      expect(author!.notes.map(({ target }) => (target as Photo).file)).toEqual(['a']);
      const joined = await notes()
        .filter({ text: 'one' })
        .selectRelated('author')
        .prefetchRelated('author.notes.target')
        .get();
      expect((joined.author!.notes[0]!.target as Photo).file).toBe('a');
      const plain = await notes().only('text').all();
      await db.loadRelated(plain as Note[], 'target');
      expect((plain[1] as Note).target).toMatchObject({ file: 'b' });
      const [first, second] = await notes().all();
      expect(await db.load(first!, 'target')).toMatchObject({ file: 'a' });
      expect(second!.target).toMatchObject({ file: 'b' });
    });

    it('lead to rows that scopes hide, and become null where a row or an entity is gone', async () => {
      await db.remove(photos[1]!);
      await db.objects(Clip).delete();
      await notes().filter({ text: 'three' }).update({ objectKey: 'nonsense' });
      await notes().filter({ text: 'six' }).update({ contentTypeId: 4711 });
      const rows = await notes().prefetchRelated('target').all();
      expect(rows.map(({ target }) => target?.constructor.name)).toEqual([
        'Photo',
        'Photo',
        undefined,
        'Photo',
        undefined,
        undefined,
        undefined,
      ]);
      const seen = await notes()
        .prefetchRelated(GenericPrefetch('target', [db.objects(Photo)]))
        .all();
      expect(seen[1]!.target).toBeNull();
    });

    it('refuse what they cannot do', async () => {
      const refused = (requests: readonly unknown[]) =>
        notes()
          .untyped()
          .prefetchRelated(...(requests as never[]))
          .all()
          .catch(({ code }: { code: string }) => code);
      expect(await refused([Prefetch('target', { query: db.objects(Photo) })])).toBe('orm.query_usage');
      expect(await refused([GenericPrefetch('author', [db.objects(Author)])])).toBe('orm.query_usage');
      expect(await refused([GenericPrefetch('target', [db.objects(Photo).slice(0, 1)])])).toBe('orm.query_usage');
      expect(await refused([GenericPrefetch('target', [db.objects(Photo).values('file')])])).toBe('orm.query_usage');
      const untyped = notes().untyped();
      await expect(untyped.selectRelated('target').all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(untyped.filter({ 'target.file': 'a' }).all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
      await expect(untyped.orderBy('target').all()).rejects.toMatchObject({ code: 'orm.unfit_path' });
    });
  });

  describe('rows that refer generically', () => {
    const files = (rows: readonly { readonly file: string }[]) => rows.map(({ file }) => file);
    const ordered = () => db.objects(Photo).orderBy('file');

    it('are prefetched by one statement, with what is below them', async () => {
      const [rows, statements] = await counted(() => ordered().prefetchRelated('notes.author').all());
      expect(statements).toBe(3);
      expect(rows.map((photo) => photo.notes.map(({ text }) => text).sort())).toEqual([['four', 'one'], ['two'], []]);
      expect(rows[0]!.notes.find(({ text }) => text === 'one')!.author!.name).toBe('Ada');
      const best = db.objects(Note).orderBy('-stars').slice(0, 1);
      const [first] = await ordered()
        .prefetchRelated(Prefetch('notes', { query: best, as: 'best' }))
        .all();
      expect(first!.best.map(({ text }) => text)).toEqual(['one']);
      const back = await ordered().filter({ file: 'b' }).prefetchRelated('notes.target').get();
      expect(back.notes[0]!.target).toMatchObject({ file: 'b' });
    });

    it('are loaded for rows that are there, and of keys of any kind', async () => {
      const rows = await ordered().all();
      expect(await db.load(rows[0]!, 'notes')).toHaveLength(2);
      expect(rows[1]!.notes).toHaveLength(1);
      expect((await db.objects(Clip).prefetchRelated('notes').get()).notes.map(({ text }) => text)).toEqual(['five']);
      expect((await db.objects(Seat).prefetchRelated('notes').get()).notes.map(({ text }) => text)).toEqual(['three']);
      for (const kind of [Film, Media])
        expect((await db.objects<Media>(kind).prefetchRelated('notes').get()).notes.map(({ text }) => text)).toEqual([
          'six',
        ]);
    });

    it('are asked by lookups, each call of one row', async () => {
      expect(files(await ordered().filter({ 'notes.stars__gte': 3 }).all())).toEqual(['a']);
      expect(files(await ordered().filter({ 'notes.text': 'two' }).all())).toEqual(['b']);
      expect(files(await ordered().filter({ 'notes.stars': 5, 'notes.text': 'four' }).all())).toEqual([]);
      expect(files(await ordered().filter({ 'notes.stars': 5 }).filter({ 'notes.text': 'four' }).all())).toEqual(['a']);
      expect(files(await ordered().filter({ notes__isnull: true }).all())).toEqual(['c']);
      expect(files(await ordered().exclude({ 'notes.author.name': 'Ada' }).all())).toEqual(['b', 'c']);
      expect(await db.objects(Clip).filter({ 'notes.text': 'five' }).count()).toBe(1);
      expect(await db.objects(Media).filter({ 'notes.text': 'six' }).count()).toBe(1);
      const two = await notes().get({ text: 'two' });
      expect(files(await ordered().filter({ notes: two }).all())).toEqual(['b']);
    });

    it('are counted, ordered by, listed and compared', async () => {
      const rows = await ordered()
        .annotate({ remarks: Count('notes'), best: Max('notes.stars') })
        .all();
      expect(rows.map(({ remarks, best }) => [remarks, best])).toEqual([
        [2, 5],
        [1, 2],
        [0, null],
      ]);
      expect(await db.objects(Photo).aggregate({ all: Count('notes') })).toEqual({ all: 3 });
      expect(
        await ordered()
          .annotate({ n: Count('notes') })
          .filter({ n__gt: 1 })
          .flat('file')
          .all(),
      ).toEqual(['a']);
      expect(await db.objects(Photo).orderBy('notes.stars').flat('file').all()).toEqual(['b', 'a', 'c']);
      expect(new Set(await ordered().filter({ file: 'a' }).flat('notes.text').all())).toEqual(new Set(['four', 'one']));
      const starred = db.objects(Note).filter({ stars: 5 });
      expect(files(await ordered().filter({ notes__in: starred }).all())).toEqual(['a']);
      expect(
        await db
          .objects(Author)
          .filter(Exists(notes().filter({ author: OuterRef('pk') })))
          .count(),
      ).toBe(1);
    });

    it('are not taken for those of another kind with the same key', async () => {
      const other = await db.objects(Media).create({ title: 'Same key' });
      await db.objects(Note).create({ text: 'alien', contentTypeId: null, objectKey: String(photos[2]!.id) });
      await note('media', other);
      await notes()
        .filter({ text: 'media' })
        .update({ objectKey: String(photos[2]!.id) });
      expect(files(await ordered().filter({ notes__isnull: true }).all())).toEqual(['c']);
      expect((await ordered().prefetchRelated('notes').all())[2]!.notes).toEqual([]);
    });

    it('cannot be followed by the database over keys of several columns', async () => {
      await expect(db.objects(Seat).filter({ 'notes.text': 'x' }).all()).rejects.toMatchObject({
        code: 'orm.unfit_path',
      });
    });
  });
});

describe('without content types', () => {
  it('generic references and relations say what is missing', async () => {
    const app = await openOrm({ database: 'sqlite::memory:', entities: ENTITIES });
    await app.db.objects(Photo).create({ file: 'a' });
    await app.db.objects(Note).create({ text: 'x', contentTypeId: 1, objectKey: '1' });
    const missing = { code: 'orm.content_types_missing' };
    await expect(app.db.objects(Note).prefetchRelated('target').all()).rejects.toMatchObject(missing);
    await expect(app.db.objects(Photo).prefetchRelated('notes').all()).rejects.toMatchObject(missing);
    await expect(app.db.objects(Photo).filter({ 'notes.text': 'x' }).all()).rejects.toMatchObject(missing);
    await app.close();
  });
});
