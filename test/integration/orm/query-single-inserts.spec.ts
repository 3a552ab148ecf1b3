import { CoreModule, QUERY_LOG, runWith, SecretKeys, SignalHub, type QueryRecord } from 'bowerbird/core';
import { ForeignKeyError, IntegrityError, postSave, TransactionBrokenError, UniqueError } from 'bowerbird/orm';
import { type EntitySubscriberInterface } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { BULK, BulkRecorder, Film, Item, Maker, Place, Seat, Ticket } from './query-bulk.world.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  let maker: Maker;
  beforeAll(async () => {
    app = await openOrm({
      database: database.url,
      entities: BULK,
      providers: [BulkRecorder],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
    });
  });
  beforeEach(async () => {
    for (const entity of [Item, Seat, Maker, Ticket]) await app.db.objects<object>(entity).delete();
    maker = await app.db.objects(Maker).create({ name: 'Anna' });
  });
  afterAll(() => app?.close());

  /** The first words of the statements of some work. */
  const statements = async (work: () => Promise<unknown>): Promise<string[]> => {
    const log: QueryRecord[] = [];
    await runWith(QUERY_LOG, log, work);
    return log.map(({ sql }) => sql.split(' ')[0]!);
  };
  const item = (values: Partial<Item>): Item => Object.assign(new Item(), { slug: 'a' }, values);

  describe('a new row that stands alone', () => {
    it('is stored by one statement', async () => {
      expect(await statements(() => app.db.save(item({ slug: 'saved', maker })))).toEqual(['INSERT']);
      expect(await statements(() => app.db.objects(Item).create({ slug: 'made' }))).toEqual(['INSERT']);
      const inside = await statements(() => app.db.atomic(() => app.db.save(item({ slug: 'inside' }))));
      expect(inside.slice(1)).toEqual(['INSERT', 'COMMIT']);
      expect(await app.db.objects(Item).orderBy('id').flat('slug').all()).toEqual(['saved', 'made', 'inside']);
    });

    const forms: readonly (readonly [string, () => Partial<Item>])[] = [
      ['nothing else', () => ({})],
      ['every value', () => ({ ...FILLED, maker, size: { width: 3, unit: 'in' } })],
      ['nulls', () => ({ code: null, data: null, day: null, at: null, motto: null, maker: null })],
      ['a part of what it embeds', () => ({ size: { width: 7 } as Item['size'] })],
      ['a value that queries leave out', () => ({ secret: 'told' })],
      ['an empty list of related rows', () => ({ sellers: [] })],
    ];
    it.each(forms)('is as TypeORM leaves it: with %s', async (_, values) => {
      const ours = await app.db.save(item({ slug: 'a', ...values() }));
      const theirs = await app.db.dataSource.getRepository(Item).save(item({ slug: 'b', ...other(values()) }));
      // What queries leave out is not read back.
      const varying = { secret: undefined, id: 0, slug: '', createdAt: null, updatedAt: null };
      const comparable = (row: Item): object => Object.assign({}, row, { ...varying, code: row.code && '' });
      expect(comparable(ours)).toEqual(comparable(theirs));
      expect(typeof ours.id).toBe(typeof theirs.id);
      const [first, second] = await app.db.objects(Item).selectRelated('maker').orderBy('slug').all();
      expect(comparable(first!)).toEqual(comparable(second!));
      expect(first).toMatchObject({ id: ours.id, createdAt: ours.createdAt, version: 1 });
    });

    it('is refused with the error of its field, and the row has no key', async () => {
      await app.db.save(item({ slug: 'taken' }));
      const again = item({ slug: 'taken' });
      await expect(app.db.save(again)).rejects.toMatchObject({ constructor: UniqueError, fields: ['slug'] });
      expect(again.id).toBeUndefined();
      const lost = item({ slug: 'lost', maker: Object.assign(new Maker(), { id: 999_999 }) });
      await expect(app.db.save(lost)).rejects.toBeInstanceOf(IntegrityError);
      await expect(app.db.save(item({ slug: 'bad', stock: 'many' as never }))).rejects.toMatchObject({
        code: 'orm.bad_lookup_value',
      });
      expect(await app.db.objects(Item).count()).toBe(1);
    });

    it('breaks its transaction when it is refused, and create() does not', async () => {
      await app.db.save(item({ slug: 'taken' }));
      const swallowed = app.db.atomic(() => app.db.save(item({ slug: 'taken' })).catch(() => undefined));
      await expect(swallowed).rejects.toBeInstanceOf(TransactionBrokenError);
      await app.db.atomic(async () => {
        await app.db
          .objects(Item)
          .create({ slug: 'taken' })
          .catch(() => undefined);
        await app.db.objects(Item).create({ slug: 'free' });
      });
      expect(await app.db.objects(Item).orderBy('id').flat('slug').all()).toEqual(['taken', 'free']);
    });

    it('goes with the transaction', async () => {
      const work = app.db.atomic(async () => {
        await app.db.save(item({ slug: 'gone' }));
        throw new Error('stop');
      });
      await expect(work).rejects.toThrow('stop');
      expect(await app.db.objects(Item).count()).toBe(0);
    });
  });

  describe('a new row that refers to one by its key alone', () => {
    const referring = (values: Partial<Item>, id: number = maker.id): Item =>
      item({ ...values, maker: Object.assign(new Maker(), { id }) });
    const makers = (id: number = maker.id) => ({ path: 'maker', rows: app.db.objects<object>(Maker).filter({ id }) });
    const together = database.dialect === 'postgres' ? ['WITH'] : ['SELECT', 'INSERT'];

    it.each([
      ['nothing else', {}],
      ['every value', { ...FILLED, size: { width: 3, unit: 'in' } }],
      ['nulls', { code: null, data: null, day: null, at: null, motto: null }],
    ])('has that one, which is read with it: with %s', async (_, values: Partial<Item>) => {
      const row = referring({ slug: 'a', ...values });
      expect(await statements(() => app.db.saveFresh(row, { unread: makers() }))).toEqual(together);
      expect(row.maker).toMatchObject({ id: maker.id, name: 'Anna' });
      const [stored] = await app.db.objects(Item).selectRelated('maker').all();
      expect(Object.assign({}, row, { secret: undefined })).toEqual(Object.assign({}, stored, { secret: undefined }));
    });

    it('is refused where there is none, and nothing is stored', async () => {
      const missing = { constructor: ForeignKeyError, reason: 'missing', fields: ['maker'] };
      await expect(app.db.saveFresh(referring({}), { unread: makers(maker.id + 1) })).rejects.toMatchObject(missing);
      await expect(app.db.saveFresh(referring({}), { unread: makers('x' as never) })).rejects.toMatchObject(missing);
      const inside = app.db.atomic(() => app.db.saveFresh(referring({}), { unread: makers(maker.id + 1) }));
      await expect(inside).rejects.toMatchObject(missing);
      expect(await app.db.objects(Item).count()).toBe(0);
    });

    it('is stored once, however many rows the query finds', async () => {
      await app.db.objects(Maker).create({ name: 'Bert' });
      const rows = app.db.objects<object>(Maker).orderBy('id' as never);
      await app.db.saveFresh(referring({}), { unread: { path: 'maker', rows } });
      expect(await app.db.objects(Item).selectRelated('maker').all()).toMatchObject([{ maker: { name: 'Anna' } }]);
    });

    it.runIf(database.dialect === 'postgres')('is not stored again where a trigger has kept it from that', async () => {
      const table = app.db.dataSource.getMetadata(Item).tableName;
      await app.db.query('CREATE SEQUENCE kept_times');
      await app.db.query(
        `CREATE FUNCTION keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM nextval('kept_times'); RETURN NULL; END $$`,
      );
      await app.db.query(
        `CREATE TRIGGER keep_out BEFORE INSERT ON "${table}" FOR EACH ROW EXECUTE FUNCTION keep_out()`,
      );
      const row = referring({});
      await app.db.saveFresh(row, { unread: makers() });
      await app.db.query('DROP FUNCTION keep_out() CASCADE');
      expect(await app.db.query('SELECT last_value::int AS times FROM kept_times')).toEqual([{ times: 1 }]);
      await app.db.query('DROP SEQUENCE kept_times');
      expect(row.id).toBeUndefined();
      expect(await app.db.objects(Item).count()).toBe(0);
    });

    it('is refused for what else is wrong with it', async () => {
      await app.db.save(item({ slug: 'taken' }));
      await expect(app.db.saveFresh(referring({ slug: 'taken' }), { unread: makers() })).rejects.toMatchObject({
        constructor: UniqueError,
        fields: ['slug'],
      });
      await expect(app.db.saveFresh(referring({ stock: 'many' as never }), { unread: makers() })).rejects.toMatchObject(
        {
          code: 'orm.bad_lookup_value',
        },
      );
      expect(await app.db.objects(Item).count()).toBe(1);
    });

    it('goes with the transaction, and with what more belongs to it', async () => {
      const inside = await statements(() =>
        app.db.atomic(() => app.db.saveFresh(referring({}), { unread: makers(), savepoint: false })),
      );
      expect(inside.slice(1)).toEqual(['SELECT', 'INSERT', 'COMMIT']);
      const recorder = app.get(BulkRecorder);
      recorder.heard();
      const seat = Object.assign(new Seat(), { maker: Object.assign(new Maker(), { id: maker.id }), place: 'x' });
      expect(await app.db.saveFresh(seat, { unread: makers() })).toBe(false);
      expect(seat.maker).toMatchObject({ name: 'Anna' });
      expect(recorder.heard().map(({ kind }) => kind)).toEqual(['insert']);
    });
  });

  describe('a new row to which more belongs', () => {
    it('has its listeners, its lists, its tree and its class', async () => {
      expect(await app.db.save(Object.assign(new Ticket(), { name: 'loud' }))).toMatchObject({ shout: 'loud!' });
      const { id } = await app.db.save(item({ sellers: [maker] }));
      expect(await app.db.related(await app.db.objects(Item).get({ id }), 'sellers').keys()).toEqual([
        String(maker.id),
      ]);
      const place = await app.db.save(Object.assign(new Place(), { name: 'root' }));
      const below = await app.db.save(Object.assign(new Place(), { name: 'leaf', parent: place }));
      expect(await app.db.dataSource.getTreeRepository(Place).countDescendants(place)).toBe(2);
      expect(below.id).toBeDefined();
      await app.db.save(Object.assign(new Film(), { title: 'long', minutes: 180 }));
      expect(await app.db.objects(Film).get()).toMatchObject({ title: 'long', minutes: 180 });
    });

    it('is told of to write listeners, receivers of signals and subscribers', async () => {
      const recorder = app.get(BulkRecorder);
      recorder.heard();
      await app.db.save(Object.assign(new Seat(), { maker, place: 'x' }));
      expect(recorder.heard().map(({ kind }) => kind)).toEqual(['insert']);
      const heard: string[] = [];
      const connection = app.get(SignalHub).connect(postSave, Item, ({ row }) => void heard.push(row.slug));
      await app.db.save(item({ slug: 'signalled' }));
      connection.disconnect();
      await app.db.save(item({ slug: 'quiet' }));
      expect(heard).toEqual(['signalled']);
      const subscriber: EntitySubscriberInterface = { beforeInsert: ({ entity }) => void heard.push(entity.slug) };
      const { subscribers } = app.db.dataSource;
      subscribers.push(subscriber);
      await app.db.save(item({ slug: 'subscribed' }));
      subscribers.splice(subscribers.indexOf(subscriber), 1);
      expect(heard).toEqual(['signalled', 'subscribed']);
    });

    it('is refused where it was loaded before somebody deleted it', async () => {
      await app.db.save(item({ slug: 'gone' }));
      const stored = await app.db.objects(Item).get();
      await app.db.objects(Item).delete();
      await expect(app.db.save(stored, { force: 'insert' })).rejects.toMatchObject({ code: 'orm.stale_row' });
      expect(await app.db.objects(Item).count()).toBe(0);
    });

    it('changes the row that is there where it has a key', async () => {
      const { id } = await app.db.save(item({ slug: 'first' }));
      const stored = await app.db.objects(Item).get({ id });
      await app.db.save(Object.assign(stored, { slug: 'second' }));
      expect(await app.db.objects(Item).values('id', 'slug').all()).toEqual([{ id, slug: 'second' }]);
    });

    it('is a copy of a row of which only a part was loaded', async () => {
      await app.db.save(item({ slug: 'whole', stock: 7 }));
      const part = (await app.db.objects(Item).only('id', 'version').get()) as Item;
      Object.assign(part, { id: undefined, version: undefined, slug: 'copy' });
      await app.db.save(part);
      expect(await app.db.objects(Item).orderBy('slug').values('slug', 'stock').all()).toEqual([
        { slug: 'copy', stock: 5 },
        { slug: 'whole', stock: 7 },
      ]);
    });
  });
});

/** The same values, with another one where they have to be unique. */
function other(values: Partial<Item>): Partial<Item> {
  return values.code ? { ...values, code: 'd' } : values;
}

const FILLED: Partial<Item> = {
  code: 'c',
  price: '9.90',
  stock: 0,
  active: false,
  views: '12',
  data: { a: [1] },
  day: '2026-02-03',
  at: new Date('2026-02-03T04:05:06.789Z'),
  state: 'used',
  motto: 'Onward',
};
