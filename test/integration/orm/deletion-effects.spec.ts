import { type DeletionEffect } from 'bowerbird/orm';
import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Land {
  @PrimaryColumn({ length: 2 }) code: string;
  @ManyToMany(() => Land) @JoinTable() borders: Land[];
}

@Entity()
class Town {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Land, { onDelete: 'CASCADE', nullable: false }) land: Relation<Land>;
  @ManyToOne(() => Town, { onDelete: 'SET NULL' }) twin: Relation<Town> | null;
}

/** Reached over two ways, counted once. */
@Entity()
class House {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Town, { onDelete: 'CASCADE' }) town: Relation<Town> | null;
  @ManyToOne(() => Land, { onDelete: 'CASCADE' }) land: Relation<Land> | null;
}

@Entity()
class Deed {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => House, { onDelete: 'RESTRICT' }) house: Relation<House>;
}

/** A tree that may hold circles. */
@Entity()
class Branch {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Branch, { onDelete: 'CASCADE' }) parent: Relation<Branch> | null;
  @ManyToOne(() => Branch, { onDelete: 'CASCADE' }) graft: Relation<Branch> | null;
}

/** Two tables in a circle, one with a key of two columns. */
@Entity()
class Hen {
  @PrimaryColumn({ length: 5 }) name: string;
  @PrimaryColumn() year: number;
  @ManyToOne(() => Egg, { onDelete: 'CASCADE' }) from: Relation<Egg> | null;
}

@Entity()
class Egg {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Hen, { onDelete: 'CASCADE' })
  @JoinColumn([
    { name: 'hen_name', referencedColumnName: 'name' },
    { name: 'hen_year', referencedColumnName: 'year' },
  ])
  hen: Relation<Hen> | null;
}

@Entity()
class Feather {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Hen, { onDelete: 'CASCADE' }) hen: Relation<Hen>;
}

@Entity()
class Chain {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Chain, { onDelete: 'NO ACTION' }) next: Relation<Chain> | null;
  @Column({ default: 0 }) weight: number;
}

function summary(effects: readonly DeletionEffect[]): readonly string[] {
  return effects.map(
    ({ kind, entity, relation, through, count }) =>
      `${kind} ${count} ${entity.name}${relation ? `.${relation.path}` : ''}${through ? ` of ${through.name}` : ''}`,
  );
}

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    const entities = [Land, Town, House, Deed, Branch, Hen, Egg, Feather, Chain];
    app = await openOrm({ database: database.url, entities });
  });
  afterAll(() => app.close());

  const save = <T extends object>(type: new () => T, values: Partial<T>): Promise<T> =>
    app.db.save(Object.assign(new type(), values));

  it('counts rows over levels, links and references, each once', async () => {
    const [at, de] = [await save(Land, { code: 'AT' }), await save(Land, { code: 'DE' })];
    await app.db.related(at, 'borders').set(['DE']);
    await app.db.related(de, 'borders').set(['AT']);
    const bonn = await save(Town, { land: de, twin: null });
    const linz = await save(Town, { land: at, twin: bonn });
    const graz = await save(Town, { land: at, twin: linz });
    await save(Town, { land: de, twin: graz });
    for (const town of [linz, linz, graz]) await save(House, { town, land: at });
    await save(House, { town: null, land: at });
    const effects = await app.db.objects(Land).filter({ code: 'AT' }).deletionEffects();
    expect(summary(effects)).toEqual([
      'delete 1 Land',
      'delete 2 Town.land of Land',
      'delete 4 House.land of Land',
      'empty 1 Town.twin of Town',
      'unlink 2 Land.borders of Land',
    ]);
    const [, towns, houses, emptied] = effects;
    expect(await app.db.objects(Town).filter(towns!.where!).orderBy('id').flat('id').all()).toEqual([linz.id, graz.id]);
    expect(await app.db.objects(House).filter(houses!.where!).count()).toBe(4);
    expect(await app.db.objects(Town).filter(emptied!.where!).count()).toBe(1);
  });

  it('finds rows that forbid the deletion, and says what the database then does', async () => {
    const [house] = await app.db.objects(House).orderBy('id').slice(0, 1).all();
    await save(Deed, { house });
    const lands = app.db.objects(Land).filter({ code: 'AT' });
    expect(summary(await lands.deletionEffects())).toContain('protect 1 Deed.house of House');
    await expect(lands.delete()).rejects.toThrow(/refer|broken/);
  });

  it('counts nothing behind what is not reached', async () => {
    expect(summary(await app.db.objects(Land).filter({ code: 'XX' }).deletionEffects())).toEqual(['delete 0 Land']);
    expect(summary(await app.db.objects(Land).none().deletionEffects())).toEqual(['delete 0 Land']);
  });

  it('follows trees to any depth and ends at circles of rows', async () => {
    for (let id = 1; id <= 60; id += 1)
      await save(Branch, { id, parent: id > 1 && id <= 40 ? ({ id: id - 1 } as Branch) : null });
    await app.db.objects(Branch).filter({ id: 1 }).update({ parent: 40 });
    await app.db.objects(Branch).filter({ id: 41 }).update({ graft: 7 });
    await app.db.objects(Branch).filter({ id: 42 }).update({ parent: 41, graft: 41 });
    const effects = await app.db.objects(Branch).filter({ id: 20 }).deletionEffects();
    expect(summary(effects)).toEqual(['delete 42 Branch']);
    expect(await app.db.objects(Branch).filter(effects[0]!.where!).count()).toBe(42);
  });

  it('follows tables that refer to each other', async () => {
    let egg = await save(Egg, { hen: null });
    const first = egg;
    for (let year = 1; year <= 5; year += 1) {
      const hen = await save(Hen, { name: 'Berta', year, from: egg });
      await save(Feather, { hen });
      egg = await save(Egg, { hen });
    }
    await save(Egg, { hen: null });
    expect(summary(await app.db.objects(Egg).filter({ pk: first.id }).deletionEffects())).toEqual([
      'delete 6 Egg',
      'delete 5 Hen.from of Egg',
      'delete 5 Feather.hen of Hen',
    ]);
    const hens = app.db.objects(Hen).filter({ year: 3 });
    const effects = await hens.deletionEffects();
    expect(summary(effects)).toEqual(['delete 3 Hen', 'delete 3 Egg.hen of Hen', 'delete 3 Feather.hen of Hen']);
    expect(await app.db.objects(Feather).filter(effects[2]!.where!).count()).toBe(3);
    await hens.delete();
    expect(await app.db.objects(Egg).count()).toBe(4);
  });

  it('lets rows go together that refer to each other, where the database does', async () => {
    await save(Chain, { id: 1, next: null });
    await save(Chain, { id: 2, next: { id: 1 } as Chain });
    await save(Chain, { id: 3, next: { id: 2 } as Chain });
    const kinds = async (ids: number[]) =>
      summary(await app.db.objects(Chain).filter({ id__in: ids }).deletionEffects());
    expect(await kinds([1, 2])).toContain(`protect ${database.dialect === 'mysql' ? 2 : 1} Chain.next of Chain`);
    if (database.dialect === 'mysql') return;
    expect(await kinds([1, 2, 3])).toEqual(['delete 3 Chain']);
    expect(await app.db.objects(Chain).delete()).toBe(3);
  });

  it('takes a slice for what it is', async () => {
    expect(summary(await app.db.objects(Egg).orderBy('id').slice(0, 1).deletionEffects())[0]).toMatch(
      /^delete \d Egg$/,
    );
  });
});
