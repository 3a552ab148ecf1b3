import { sql, UnknownPathError } from 'bowerbird/orm';
import {
  AfterLoad,
  ChildEntity,
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Home {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @OneToMany(() => Animal, ({ home }) => home) animals: Relation<Animal[]>;
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'type' } })
class Animal {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @ManyToOne(() => Home, ({ animals }) => animals, { nullable: true }) home: Relation<Home> | null;
  heard: string[];

  @AfterLoad()
  hear(): void {
    this.heard = [...(this.heard ?? []), 'animal'];
  }
}

@ChildEntity()
class Dog extends Animal {
  @Column({ nullable: true }) bark: string;
  @ManyToOne(() => Home, { nullable: true }) kennel: Relation<Home> | null;

  @AfterLoad()
  howl(): void {
    this.heard = [...(this.heard ?? []), 'dog'];
  }

  speak(): string {
    return this.bark;
  }
}

@ChildEntity('feline')
class Cat extends Animal {
  @Column({ nullable: true }) meow: string;
  @OneToMany(() => Toy, ({ cat }) => cat) toys: Relation<Toy[]>;
}

@Entity()
class Toy {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @ManyToOne(() => Cat, ({ toys }) => toys) cat: Relation<Cat>;
}

describe('entities that share a table', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Home, Animal, Dog, Cat, Toy] });
    });
    afterAll(() => app.close());
    beforeEach(async () => {
      for (const entity of [Toy, Animal, Home]) await app.db.objects<object>(entity).delete();
      const home = await app.db.objects(Home).create({ name: 'Farm' });
      const kennel = await app.db.objects(Home).create({ name: 'Kennel' });
      await app.db.objects(Dog).create({ name: 'Rex', bark: 'wau', home, kennel });
      const cat = await app.db.objects(Cat).create({ name: 'Mia', meow: 'miau', home });
      await app.db.objects(Animal).create({ name: 'Nessie' });
      await app.db.objects(Toy).create({ name: 'Mouse', cat });
    });
    const animals = () => app.db.objects(Animal).orderBy('name');

    it('come as instances of their classes, with the fields of these alone', async () => {
      const rows = await animals().all();
      expect(rows.map((row) => row.constructor)).toEqual([Cat, Animal, Dog]);
      expect(rows.map((row) => Object.keys(row).sort())).toEqual([
        ['heard', 'id', 'meow', 'name'],
        ['heard', 'id', 'name'],
        ['bark', 'heard', 'id', 'name'],
      ]);
      expect((rows[2] as Dog).speak()).toBe('wau');
      expect(rows.map(({ heard }) => heard)).toEqual([['animal'], ['animal'], ['animal', 'dog']]);
      const stored = app.db.dataSource.createQueryBuilder(Animal, 'a').orderBy('a.name');
      // TypeORM calls the methods of every class on every row, which fails.
      const expected = await stored.callListeners(false).getMany();
      for (const row of rows) Reflect.deleteProperty(row, 'heard');
      expect(rows).toStrictEqual(expected);
    });

    it('come as instances also where they are related rows', async () => {
      const [joined] = await app.db.objects(Toy).selectRelated('cat.home').all();
      expect([joined!.cat.constructor, joined!.cat.home!.name]).toEqual([Cat, 'Farm']);
      const home = await app.db.objects(Home).prefetchRelated('animals').get({ name: 'Farm' });
      expect(home.animals.map((row) => row.constructor.name).sort()).toEqual(['Cat', 'Dog']);
      const lone = await app.db.objects(Home).get({ name: 'Farm' });
      const loaded = await app.db.load(lone, 'animals');
      expect(loaded.map((row) => row.constructor.name).sort()).toEqual(['Cat', 'Dog']);
    });

    it('load relations of their classes for rows of that class alone', async () => {
      const rows = await animals().selectRelated('home').all();
      expect(rows.map(({ home }) => home?.name)).toEqual(['Farm', undefined, 'Farm']);
      const [cat, , dog] = rows as [Cat, Animal, Dog];
      expect((await app.db.load(dog, 'kennel'))!.name).toBe('Kennel');
      expect((await app.db.load(cat, 'toys')).map(({ name }) => name)).toEqual(['Mouse']);
      const untyped = await app.db.objects<object>(Animal).orderBy('name').selectRelated('kennel').all();
      expect(untyped).toMatchObject([{ name: 'Mia' }, { name: 'Nessie' }, { kennel: { name: 'Kennel' } }]);
      expect(untyped.map((row) => 'kennel' in row)).toEqual([false, false, true]);
      const fetched = await app.db.objects<object>(Animal).orderBy('name').prefetchRelated('toys').all();
      expect(fetched.map((row) => 'toys' in row)).toEqual([true, false, false]);
    });

    it('are filtered, chosen from, streamed, read raw and written like others', async () => {
      expect(await app.db.objects<object>(Animal).filter({ bark: 'wau' }).count()).toBe(1);
      expect(await app.db.objects(Dog).count()).toBe(1);
      await expect(app.db.objects<object>(Cat).filter({ bark: 'wau' }).count()).rejects.toBeInstanceOf(
        UnknownPathError,
      );
      expect((await animals().only('name').all()).map((row) => row.constructor)).toEqual([Cat, Animal, Dog]);
      const iterated: unknown[] = [];
      for await (const row of animals().iterator()) iterated.push(row.constructor);
      expect(iterated).toEqual([Cat, Animal, Dog]);
      const raw = await app.db.objects(Animal).raw(sql`SELECT * FROM animal ORDER BY name`);
      expect(raw.map((row) => row.constructor)).toEqual([Cat, Animal, Dog]);
      const dog = (await animals().get({ name: 'Rex' })) as Dog;
      dog.bark = 'wuff';
      await app.db.save(dog);
      expect((await app.db.objects(Dog).get({ name: 'Rex' })).bark).toBe('wuff');
      await app.db.refresh(dog);
      expect(dog.speak()).toBe('wuff');
      const all = await animals().all();
      for (const row of all) row.name += '!';
      expect(await app.db.objects(Animal).bulkUpdate(all, ['name'])).toBe(3);
      expect(await app.db.objects(Dog).delete()).toBe(1);
      expect((await animals().all()).map(({ name }) => name)).toEqual(['Mia!', 'Nessie!']);
    });
  });
});
