import { formClassFor } from 'bowerbird/forms';
import { CheckError, Database, Meta } from 'bowerbird/orm';
import { Check, Column, Entity, Index, ManyToOne, PrimaryGeneratedColumn, Unique, type Relation } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Room {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@Entity()
@Meta({
  messages: {
    price_positive: 'Ask for some money.',
    one_open: 'This room has an open booking already.',
    code_unique: 'Somebody has this code.',
  },
})
@Check('price_positive', 'price > 0')
@Check('in_order', 'first_day <= last_day')
@Unique('code_unique', ['code'])
@Index('one_open', ['room'], { unique: true, where: "status = 'open'" })
class Booking {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 10 }) code: string;
  @Column({ type: 'decimal', precision: 8, scale: 2 }) price: string;
  @Column('date', { name: 'first_day' }) firstDay: string;
  @Column('date', { name: 'last_day', nullable: true }) lastDay: string | null;
  @Column({ length: 10, default: 'open' }) status: string;
  @ManyToOne(() => Room, { nullable: true, onDelete: 'CASCADE' }) room: Relation<Room> | null;
}

describe('constraints', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let room: Room;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Room, Booking] });
      db = app.db;
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      await db.objects(Booking).delete();
      await db.objects(Room).delete();
      room = await db.save(Object.assign(new Room(), { name: 'Blue' }));
    });

    const values = (more: object = {}) => {
      return { code: 'A', price: '9.50', firstDay: '2024-01-01', lastDay: '2024-01-02', status: 'open', room, ...more };
    };
    const booking = (more: object = {}) => Object.assign(new Booking(), values(more));
    const every = new Set(['code', 'price', 'firstDay', 'lastDay', 'status', 'room']);
    const broken = async (row: Booking, isNew = true, paths: ReadonlySet<string> = every) =>
      (await db.brokenConstraints({ row, isNew, paths })).map(({ kind, name }) => `${kind} ${name}`).sort();
    const issues = async (data: object, instance?: Booking) => {
      const form = new (formClassFor(db.describe(Booking)))({ database: db, data: { ...data } as never, instance });
      await form.isValid();
      return [...form.errors].flatMap(([field, list]) => list.map(({ message }) => `${field}: ${message}`));
    };

    it('are asked before a row is stored', async () => {
      expect(await broken(booking())).toEqual([]);
      expect(await broken(booking({ price: '0.00' }))).toEqual(['check price_positive']);
      expect(await broken(booking({ price: '-3', firstDay: '2024-02-01' }))).toEqual([
        'check in_order',
        'check price_positive',
      ]);
      expect(await broken(booking({ lastDay: null, price: '0.01' }))).toEqual([]);
      expect(await broken(booking({ price: '0' }), true, new Set(['code']))).toEqual([]);
      expect(await broken(booking({ price: undefined, firstDay: 'nonsense' }))).toEqual([]);
      expect(await db.objects(Booking).count()).toBe(0);
    });

    it('with a condition are compared with other rows that it holds for', async () => {
      const first = await db.save(booking());
      expect(await broken(booking({ code: 'B' }))).toEqual(['unique one_open']);
      expect(await broken(booking({ code: 'B', status: undefined }))).toEqual(['unique one_open']);
      expect(await broken(booking({ code: 'B', status: 'done' }))).toEqual([]);
      expect(await broken(booking({ code: 'B', room: null }))).toEqual([]);
      expect(await broken(first, false)).toEqual([]);
      await db.save(Object.assign(first, { status: 'done' }));
      expect(await broken(booking({ code: 'B' }))).toEqual([]);
    });

    it('are told by forms, in the words of the entity', async () => {
      const data = {
        code: 'A',
        price: '9.50',
        firstDay: '2024-01-01',
        lastDay: '2024-01-02',
        status: 'open',
        room: String(room.id),
      };
      expect(await issues(data)).toEqual([]);
      expect(await issues({ ...data, price: '0' })).toEqual(['price: Ask for some money.']);
      expect(await issues({ ...data, lastDay: '2023-01-01' })).toEqual([expect.stringMatching(/refused/)]);
      await db.save(booking());
      expect(await issues({ ...data, price: '0' })).toEqual([
        'code: Somebody has this code.',
        'price: Ask for some money.',
        'room: This room has an open booking already.',
      ]);
    });

    it('still decide when a row is stored, and inside of a transaction that goes on', async () => {
      // TypeORM makes no checks on MySQL; migrations do.
      if (database.dialect !== 'mysql') await expect(db.save(booking({ price: '0' }))).rejects.toThrow(CheckError);
      await db.atomic(async () => {
        expect(await broken(booking({ price: '0' }))).toEqual(['check price_positive']);
        await db.save(booking());
      });
      expect(await db.objects(Booking).count()).toBe(1);
    });
  });
});
