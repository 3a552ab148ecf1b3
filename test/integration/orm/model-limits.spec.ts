import { SettingsProblems, type Class } from 'bowerbird/core';
import { formClassFor } from 'bowerbird/forms';
import {
  CheckConstraint,
  CheckError,
  DriftFinder,
  F,
  Meta,
  OnDeleteSet,
  PositionColumn,
  resolveOrm,
} from 'bowerbird/orm';
import { IsIn, IsOptional, IsPositive, Max, Min, ValidateIf } from 'class-validator';
import {
  ChildEntity,
  Column,
  Entity,
  ManyToOne,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

class Size {
  @Min(1) @Column('int') width: number;
}

/** Goods with limits that are checks of their table, or not. */
function goods(limitChecks: boolean, most = 90): Class {
  @Entity()
  @Meta({ limitChecks })
  class Good {
    @PrimaryGeneratedColumn() id: number;
    @Min(0, { message: 'None is left.' }) @Max(most) @Column('int') stock: number;
    @IsPositive() @Column({ type: 'decimal', precision: 8, scale: 2 }) price: string;
    @IsOptional() @Min(0.5) @Max(9.75) @Column({ type: 'float', nullable: true }) weight: number | null;
    @Max(0) @Column({ type: 'bigint', name: 'low_mark' }) low: string;
    @Column(() => Size) size: Size;
    // Rules that are none of the table.
    @Min(5, { groups: ['strict'] }) @Column('int') grouped: number;
    @ValidateIf(() => false) @Min(5) @Column('int') conditional: number;
    @Min(5, { each: true }) @Column('simple-json') list: number[];
    @IsIn([7]) @Column('int') choice: number;
  }
  return Good;
}

describe('limits of validators', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));
    const quote = (name: string) => (suite.dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);

    it('become checks of the table where they are asked for, and go again', async () => {
      const project = new EvolvingProject(suite.url);
      const values = {
        stock: 1,
        price: '0.01',
        low: '-5',
        weight: null,
        size: { width: 1 },
        grouped: 1,
        conditional: 1,
        list: [1],
        choice: 1,
      };
      await project.evolve([goods(false)]);
      await project.evolve([goods(true)]);
      expect(project.read(project.files[1]!).match(/ops\.addCheck|ops\.addConstraint/g)).toHaveLength(7);
      const Good = goods(true);
      await project.with([Good], async (app) => {
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        const rows = app.db.objects(Good).untyped();
        const good = await rows.create(values);
        const set = (column: string, value: number | string) =>
          app.db.query(`UPDATE good SET ${quote(column)} = ${value} WHERE 1 = 1`);
        for (const [column, value, path] of [
          ['stock', -1, 'stock'],
          ['stock', 91, 'stock'],
          ['price', 0, 'price'],
          ['weight', 0.4, 'weight'],
          ['weight', 9.76, 'weight'],
          ['low_mark', 1, 'low'],
          ['sizeWidth', 0, 'size.width'],
        ] as const) {
          const refused: unknown = await set(column, value).catch((error: unknown) => error);
          expect(refused).toBeInstanceOf(CheckError);
          expect([(refused as CheckError).fields, path]).toEqual([[path], path]);
        }
        for (const [column, value] of [
          ['weight', 0.5],
          ['weight', 9.75],
          ['weight', 'NULL'],
          ['stock', 90],
        ] as const)
          await set(column, value);
        const short: unknown = await rows.update({ stock: F('stock').minus(99) }).catch((error: unknown) => error);
        expect((short as CheckError).broken).toMatchObject([
          { name: 'good_stock_min', paths: ['stock'], message: 'None is left.' },
        ]);
        await expect(app.db.validateConstraints(Object.assign(good, { price: '-1' }))).rejects.toThrow(CheckError);
      });
      await project.evolve([goods(true, 100)]);
      expect(project.read(project.files[2]!)).toContain('good_stock_max');
      await project.evolve([goods(false)]);
      await project.with([goods(false)], (app) => app.db.query(`UPDATE good SET stock = -1`));
    });

    it('speak once in forms', async () => {
      const project = new EvolvingProject(suite.url);
      const Good = goods(true);
      await project.evolve([Good]);
      await project.with([Good], async ({ db }) => {
        const data = { stock: '-1', price: '0', weight: '3', low: '-1', 'size.width': '1' };
        const form = new (formClassFor(db.describe(Good)))({ database: db, data: data as never });
        await form.isValid();
        const told = [...form.errors].filter(([field]) => field in data);
        expect(told.map(([field, list]) => [field, list.length])).toEqual([
          ['stock', 1],
          ['price', 1],
        ]);
      });
    });

    it('leave the tables of positions and replaced references as they are', async () => {
      const talk = (version: 'plain' | 'set' | 'placed') => {
        @Entity()
        class Room {
          @PrimaryGeneratedColumn() id: number;
        }
        @Entity()
        class Talk {
          @PrimaryGeneratedColumn() id: number;
          @ManyToOne(() => Room) room: Relation<object> | null;
        }
        if (version !== 'plain') OnDeleteSet<object | null>(null)(Talk.prototype, 'room');
        if (version === 'placed') PositionColumn({ within: 'room' })(Talk.prototype as { room: unknown }, 'position');
        return [Room, Talk];
      };
      const project = new EvolvingProject(suite.url);
      await project.evolve(talk('plain'));
      await project.with(talk('set'), async (app) => {
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        await app.db.query(`INSERT INTO room (id) VALUES (1)`);
        await app.db.query(`INSERT INTO talk (id, ${quote('roomId')}) VALUES (2, 1), (1, 1)`);
      });
      const placed = talk('placed');
      await project.evolve(placed);
      await project.with(placed, async (app) => {
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        const talks = app.db.objects(placed[1]!).untyped();
        await talks.create({ id: 3, room: 1 });
        expect(await talks.flat('id').all()).toEqual([1, 2, 3]);
        expect(await talks.flat('position').all()).toEqual([0, 0, 1]);
      });
    });
  });

  it('are asked for by a setting, which an entity may decline, and are those of whole tables', async () => {
    @Entity()
    class Plain {
      @PrimaryGeneratedColumn() id: number;
      @Min(1) @Min(3) @Max(9) @Column('int') count: number;
    }
    @Entity()
    @CheckConstraint('own_count_min', { count__gte: 0 })
    class Own {
      @PrimaryGeneratedColumn() id: number;
      @Min(1) @Column('int') count: number;
    }
    @Entity()
    @Meta({ managed: false })
    class Foreign extends Plain {}
    @Entity()
    @TableInheritance({ column: { name: 'kind', type: 'varchar', length: 10 } })
    class Animal {
      @PrimaryGeneratedColumn() id: number;
      @Min(0) @Column('int') age: number;
    }
    @ChildEntity()
    class Cat extends Animal {
      @Max(9) declare age: number;
    }
    const checksOf = async (limitChecks: boolean | undefined, migrations?: URL) => {
      const entities = [Plain, Own, Foreign, Animal, Cat, goods(false)];
      const app = await openOrm({
        database: 'sqlite::memory:',
        entities,
        synchronize: false,
        orm: { limitChecks },
        app: { migrations },
      });
      const checks = entities.map((entity) =>
        app.db.describe<object>(entity).checks.map(({ name, expression }) => [name, expression]),
      );
      await app.close();
      return checks;
    };
    expect(await checksOf(true)).toEqual([
      [
        ['plain_count_min', '"count" >= 3'],
        ['plain_count_max', '"count" <= 9'],
      ],
      [['own_count_min', '"count" >= 0']],
      [],
      [['animal_age_min', '"age" >= 0']],
      [],
      [],
    ]);
    const installed = new URL('file:///app/node_modules/lib/migrations/');
    expect((await checksOf(true, installed)).flat().map(([name]) => name)).toEqual(['own_count_min']);
    expect((await checksOf(undefined)).flat().map(([name]) => name)).toEqual(['own_count_min']);
    const problems = new SettingsProblems();
    resolveOrm({ orm: { limitChecks: 'yes' as never } }, problems, { root: new URL('file:///tmp/') });
    expect(problems.all.map(({ path }) => path)).toEqual(['settings.orm.limitChecks']);
  });
});
