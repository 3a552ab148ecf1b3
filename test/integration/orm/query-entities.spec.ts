import {
  AfterLoad,
  ChildEntity,
  Column,
  DataSource,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

/** Names that SQL reserves or that need quotes. */
@Entity({ name: 'order' })
class Order {
  @PrimaryGeneratedColumn({ name: 'select' })
  id: number;

  @Column({ name: 'group by' })
  key: string;

  @Column({ name: 'a.b', default: 1 })
  with__underscores: number;

  @OneToMany(() => Line, (line) => line.order)
  lines: Promise<Relation<Line>[]>;

  seen = 0;
  loaded?: boolean;

  @AfterLoad()
  note(): void {
    this.loaded = true;
  }
}

@Entity()
class Line {
  @PrimaryColumn('uuid')
  id: string;

  @ManyToOne(() => Order, (order) => order.lines, { nullable: false, onDelete: 'CASCADE' })
  @JoinColumn({ name: 'orderId' })
  order: Promise<Relation<Order>>;

  @OneToOne(() => Line, { nullable: true })
  @JoinColumn()
  next: Relation<Line> | null;

  @ManyToMany(() => Line, (line) => line.referredBy)
  @JoinTable()
  refersTo: Relation<Line>[];

  @ManyToMany(() => Line, (line) => line.refersTo)
  referredBy: Relation<Line>[];
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'type' } })
class Animal {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;
}

@ChildEntity('cat')
class Cat extends Animal {
  @Column({ nullable: true })
  lives: number;
}

@ChildEntity()
class Tiger extends Cat {}

const ids = [1, 2, 3].map((number) => `00000000-0000-4000-8000-00000000000${number}`);

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [Order, Line, Animal, Cat, Tiger] });
    const order = Object.assign(new Order(), { key: 'first', with__underscores: 7 });
    await app.db.save([order, Object.assign(new Order(), { key: 'second' })]);
    const lines = ids.map((id) => Object.assign(new Line(), { id, order: Promise.resolve(order) }));
    await app.db.save(lines);
    lines[0]!.next = lines[1]!;
    lines[0]!.refersTo = [lines[1]!, lines[2]!];
    await app.db.save(lines[0]!);
    await app.db.save([
      Object.assign(new Animal(), { name: 'any' }),
      Object.assign(new Cat(), { name: 'Tom', lives: 9 }),
      Object.assign(new Tiger(), { name: 'Shere' }),
    ]);
  });
  afterAll(() => app?.close());

  describe('entities', () => {
    it('may have names that SQL reserves', async () => {
      const orders = app.db.objects(Order).orderBy('-key');
      expect(await orders.filter({ with__underscores: 7 }).flat('key').all()).toEqual(['first']);
      expect(await orders.filter({ with__underscores__lt: 7 }).flat('key').all()).toEqual(['second']);
      expect(await orders.filter({ 'lines.order.key': 'first' }).count()).toBe(1);
      expect(await orders.filter({ key: 'second' }).update({ with__underscores: 2 })).toBe(1);
      expect(await orders.flat('with__underscores').all()).toEqual([2, 7]);
    });

    it('are made by their constructor and told that they are loaded', async () => {
      const [order] = await app.db.objects(Order).filter({ key: 'first' }).prefetchRelated('lines').all();
      expect(order).toMatchObject({ seen: 0, loaded: true });
      const [line] = await app.db.objects(Line).selectRelated('order').all();
      expect((await line!.order).loaded).toBe(true);
    });

    it('keep lazy relations lazy, and fill them when they are loaded', async () => {
      const [order] = await app.db.objects(Order).filter({ key: 'first' }).prefetchRelated('lines').all();
      expect((await order!.lines).map(({ id }) => id).sort()).toEqual(ids);
      const [bare] = await app.db.objects(Order).filter({ key: 'first' }).all();
      expect(await bare!.lines).toHaveLength(3);
      const line = await app.db.objects(Line).selectRelated('order', 'next').get({ id: ids[0]! });
      expect((await line.order).key).toBe('first');
      expect(line.next!.id).toBe(ids[1]);
    });

    it('may refer to themselves in any way', async () => {
      const lines = app.db.objects(Line).orderBy('id').flat('id');
      expect(await lines.filter({ 'referredBy.next.id': ids[1]! }).all()).toEqual([ids[1], ids[2]]);
      expect(await lines.filter({ 'refersTo.refersTo__isnull': true }).all()).toHaveLength(3);
      expect(await lines.filter({ refersTo: ids[2]! }).all()).toEqual([ids[0]]);
      expect(await lines.exclude({ referredBy__isnull: true }).all()).toEqual([ids[1], ids[2]]);
      const [first] = await app.db.objects(Line).orderBy('id').prefetchRelated('refersTo.referredBy').all();
      expect(first!.refersTo.map(({ referredBy }) => referredBy.map(({ id }) => id))).toEqual([[ids[0]], [ids[0]]]);
    });

    it('that share a table are told apart', async () => {
      expect(await app.db.objects(Animal).count()).toBe(3);
      expect(await app.db.objects(Cat).orderBy('name').flat('name').all()).toEqual(['Shere', 'Tom']);
      expect(await app.db.objects(Tiger).count()).toBe(1);
      expect(await app.db.objects(Cat).filter({ lives: 9 }).count()).toBe(1);
      expect(await app.db.objects(Cat).update({ lives: 1 })).toBe(2);
      expect(await app.db.objects(Tiger).delete()).toBe(1);
      expect(await app.db.objects(Animal).count()).toBe(2);
    });
  });

  describe('an adopted data source', () => {
    @Entity()
    class Legacy {
      @PrimaryGeneratedColumn()
      id: number;

      @Column({ type: database.dialect === 'sqlite' ? 'simple-enum' : 'enum', enum: ['new', 'old'] })
      state: string;

      @Column({
        type: database.dialect === 'postgres' ? 'timestamp' : 'datetime',
        precision: database.dialect === 'sqlite' ? undefined : 6,
      })
      at: Date;

      @Column({ type: 'smallint', default: 1 })
      small: number;
    }

    it('is queried with the types that it has', async () => {
      const [type, url] = [
        { sqlite: 'better-sqlite3', postgres: 'postgres', mysql: 'mysql' }[database.dialect],
        database.url,
      ];
      const place = type === 'better-sqlite3' ? { database: url.replace('sqlite:', '') } : { url };
      const dataSource = await new DataSource({
        type,
        ...place,
        entities: [Legacy],
        synchronize: true,
      } as never).initialize();
      const adopted = await openOrm({ database: { dataSource }, entities: [Legacy], synchronize: false });
      try {
        await adopted.db.save(Object.assign(new Legacy(), { state: 'old', at: new Date('2024-05-06T07:08:09.010Z') }));
        const rows = adopted.db.objects(Legacy);
        expect(await rows.filter({ state__in: ['old'] }).all()).toEqual(await dataSource.getRepository(Legacy).find());
        await expect(rows.filter({ state: 'odd' }).all()).rejects.toMatchObject({ code: 'orm.bad_lookup_value' });
        expect(await rows.filter({ at: new Date('2024-05-06T07:08:09.010Z') }).count()).toBe(1);
        expect((await rows.orderBy('at').page({ size: 1 })).rows).toHaveLength(1);
        if (database.dialect !== 'sqlite')
          await expect(rows.filter({ small: 40_000 }).all()).rejects.toMatchObject({ code: 'orm.bad_lookup_value' });
      } finally {
        await adopted.close();
        if (dataSource.isInitialized) await dataSource.destroy();
      }
    });
  });
});
