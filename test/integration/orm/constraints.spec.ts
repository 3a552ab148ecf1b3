import { formClassFor } from 'bowerbird/forms';
import { Database, ExclusionError, IntegrityError, syncSchema, UniqueError } from 'bowerbird/orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Booking, Hall } from './constraints.world.js';

const every = new Set([
  'code',
  'email',
  'status',
  'hours',
  'price',
  'paid',
  'first',
  'last',
  'begin',
  'note',
  'seat',
  'hall',
]);

describe('constraints of tables', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let hall: Hall;
    let count = 0;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Hall, Booking], synchronize: false });
      db = app.db;
      await syncSchema(db);
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      await db.objects(Booking).delete();
      await db.objects(Hall).delete();
      hall = await db.save(Object.assign(new Hall(), { name: 'Blue' }));
    });

    /** A booking that is in nobody's way but for what is said of it. */
    const booking = (more: Partial<Booking> = {}): Booking => {
      count += 1;
      const own = {
        code: `B${count}`,
        email: `mail${count}@example.com`,
        status: 'done',
        seat: count,
        first: '2024-01-01',
      };
      return Object.assign(new Booking(), { ...own, hall, ...more });
    };
    const broken = async (row: Booking, isNew = true, paths: ReadonlySet<string> = every) =>
      (await db.brokenConstraints({ row, isNew, paths })).map(({ name }) => name).sort();
    const refusal = (row: object): Promise<IntegrityError> =>
      db.save(row).then(
        () => expect.fail('was stored'),
        (error: unknown) => (error instanceof IntegrityError ? error : Promise.reject(error as Error)),
      );

    const CASES: readonly (readonly [
      name: string,
      fields: readonly string[],
      bad: Partial<Booking>,
      good: Partial<Booking>,
    ])[] = [
      ['booking_hours', ['hours'], { hours: 25 }, { hours: 9 }],
      ['booking_order', ['first', 'last'], { last: '2023-12-31' }, { last: '2024-01-01' }],
      ['booking_paid', ['paid', 'price', 'status'], { paid: true, price: '0.00' }, { paid: true, price: '0.01' }],
      ['booking_begin', ['begin'], { begin: new Date('1999-12-31T23:59:59.999Z') }, { begin: new Date('2000-01-01') }],
      ['booking_note', ['note'], { note: 'x'.repeat(21) }, { note: 'é'.repeat(20) }],
      ['booking_letters', ['code'], { code: 'lower' }, { code: 'UPPER' }],
    ];

    it.each(CASES)('a check is asked before and kept by the database: %s', async (name, fields, bad, good) => {
      expect(await broken(booking(bad))).toEqual([name]);
      expect(await refusal(booking(bad))).toMatchObject({ code: 'orm.check', constraint: name, broken: [{ name }] });
      expect([...(await refusal(booking(bad))).fields].sort()).toEqual(fields);
      expect(await broken(booking(good))).toEqual([]);
      await db.save(booking(good));
    });

    it('conditions that cannot be told are kept: NULL', async () => {
      const row = booking({ last: null, begin: null, note: null });
      expect(await broken(row)).toEqual([]);
      await db.save(row);
    });

    it('an expression is unique whatever the letters, of every script', async () => {
      const first = await db.save(booking({ email: 'É@x.org' }));
      expect(await broken(booking({ email: 'é@X.ORG' }))).toEqual(['booking_email']);
      expect(await broken(first, false)).toEqual([]);
      expect(await refusal(booking({ email: 'é@X.ORG' }))).toMatchObject({
        code: 'orm.unique',
        constraint: 'booking_email',
        fields: ['email'],
      });
      await db.save(Object.assign(first, { email: 'é@x.org' }));
    });

    it('a set with a condition counts the rows that it holds for', async () => {
      await db.save(booking({ status: 'open' }));
      const taken = ['booking_open'];
      expect(await broken(booking({ status: 'open' }))).toEqual(taken);
      expect(await broken(booking({ status: undefined }))).toEqual(taken);
      expect(await broken(booking({ hours: 11 }))).toEqual(taken);
      expect(await broken(booking({ hours: 10 }))).toEqual([]);
      expect(await broken(booking({ status: 'open', hall: null }))).toEqual([]);
      const error = await refusal(booking({ hours: 11 }));
      expect(error).toMatchObject({ fields: ['hall'], broken: [{ name: 'booking_open', kind: 'unique' }] });
      await db.save([booking({ status: 'open', hall: null }), booking({ status: 'open', hall: null }), booking()]);
    });

    it('rows without a value are alike where they count', async () => {
      const first = await db.save(booking({ seat: null }));
      expect(await broken(booking({ seat: null }))).toEqual(['booking_seat']);
      expect(await broken(first, false)).toEqual([]);
      expect(await refusal(booking({ seat: null }))).toMatchObject({ broken: [{ name: 'booking_seat', at: 'seat' }] });
      await db.save(booking({ seat: 0 }));
      await db.save(booking({ seat: null, hall: null }));
      expect(await broken(booking({ seat: null, hall: null }))).toEqual(['booking_seat']);
      expect(await refusal(booking({ seat: null, hall: null }))).toBeInstanceOf(UniqueError);
    });

    it('what is not known is not asked', async () => {
      const row = booking({ last: '2020-01-01', hours: 0 });
      expect(await broken(row, true, new Set(['code']))).toEqual([]);
      expect(await broken(Object.assign(row, { first: undefined }))).toEqual(['booking_hours']);
      const partial = await db.objects(Booking).create(booking());
      const loaded = (await db.objects(Booking).only('id', 'code').get({ id: partial.id })) as Booking;
      expect(await broken(loaded, false)).toEqual([]);
    });

    const Form = () => formClassFor(db.describe(Booking));
    const data = (more: object = {}): object => {
      const { code, email, seat } = booking();
      return {
        code,
        email,
        seat: String(seat),
        status: 'done',
        hours: '2',
        price: '1',
        first: '2024-01-01',
        hall: String(hall.id),
        ...more,
      };
    };
    const issues = async (input: object, instance?: Booking) => {
      const form = new (Form())({ database: db, data: input as never, instance });
      await form.isValid();
      return [...form.errors].map(([field, list]) => [
        field,
        ...list.map(({ code, message }) => `${code}: ${message}`),
      ]);
    };

    it('are told by forms: at the right field, with their own words and code', async () => {
      expect(await issues(data({ hours: '25', last: '2023-01-01' }))).toEqual([
        ['hours', 'constraint: Between 1 and 24 hours.'],
        ['last', 'order: The database refused these values.'],
      ]);
      const first = await db.save(booking({ code: 'SAME', seat: null, status: 'open' }));
      expect(await issues(data({ code: 'SAME', seat: '', status: 'open', email: first.email.toUpperCase() }))).toEqual([
        ['code', 'taken: Somebody has this code.'],
        ['seat', 'unique: Another booking with this hall, seat already exists.'],
        ['email', 'unique: Another booking with this email already exists.'],
        ['hall', 'unique: This hall has an open booking already.'],
      ]);
      expect(await issues(data({ code: 'SAME', email: first.email, seat: '', status: 'open' }), first)).toEqual([]);
    });

    it('a race ends in the form as the question before would have', async () => {
      const input = data({ status: 'open', seat: '' });
      const forms = [1, 2].map(() => new (Form())({ database: db, data: { ...data(), ...input } as never }));
      for (const form of forms) expect(await form.isValid()).toBe(true);
      const saved = await Promise.all(forms.map((form) => form.trySave()));
      expect(saved.filter((row) => row !== null)).toHaveLength(1);
      const late = forms[saved.indexOf(null)]!;
      const told = [...late.errors].map(([field, list]) => [
        field,
        ...list.map(({ code, message }) => `${code}: ${message}`),
      ]);
      const asked = await issues(input);
      expect(asked).toEqual(expect.arrayContaining(told));
      expect(told).toHaveLength(1);
    });

    it('are asked before a row is stored by code that wants it', async () => {
      await db.save(booking({ code: 'X', status: 'open' }));
      const row = booking({ code: 'X', hours: 0, status: 'open' });
      const error = await db.save(row, { validate: true }).catch((thrown: unknown) => thrown as IntegrityError);
      expect(error).toBeInstanceOf(UniqueError);
      expect(error).toMatchObject({
        status: 409,
        constraint: 'booking_code',
        broken: [
          { name: 'booking_code', code: 'taken', message: 'Somebody has this code.' },
          { name: 'booking_hours', message: 'Between 1 and 24 hours.' },
          { name: 'booking_open', paths: ['hall'] },
        ],
      });
      await db.atomic(async () => {
        await expect(db.validateConstraints(row)).rejects.toBeInstanceOf(UniqueError);
        await db.validateConstraints(row, { exclude: ['code', 'hours', 'hall', 'status'] });
        await db.save(booking(), { validate: true });
      });
      const stored = await db.objects(Booking).get({ code: 'X' });
      await db.save(stored, { validate: true });
      expect(ExclusionError).toBeDefined();
    });
  });
});
