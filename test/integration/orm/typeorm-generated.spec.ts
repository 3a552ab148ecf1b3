import { type Class } from 'bowerbird/core';
import { DriftFinder } from 'bowerbird/orm';
import { Check, Column, Entity, Index, PrimaryGeneratedColumn, Unique, type ColumnOptions } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

interface Measures {
  readonly id: number;
  width: number;
  double?: number;
  area?: number | null;
}

const AREA: ColumnOptions = { asExpression: '"width" * "height"', nullable: true };

/** Boxes whose areas the database computes, with parts that stand on a computed column. */
function boxes(
  area: ColumnOptions = AREA,
  double: ColumnOptions = { asExpression: '"width" * 2', generatedType: 'STORED' },
) {
  @Entity()
  @Unique('unique_double', ['double'])
  @Check('double_positive', '"double" > 0')
  class Box {
    @PrimaryGeneratedColumn() id: number;
    @Column() width: number;
    @Column('int', { nullable: true }) height: number | null;
    @Column({ ...double, type: 'int' }) double: number;
    @Index() @Column({ ...area, type: 'int' }) area: number | null;
  }
  return Box as Class<Measures>;
}

/** The same with the first column under another name. */
function wideBoxes(): Class {
  @Entity()
  @Unique('unique_double', ['double'])
  @Check('double_positive', '"double" > 0')
  class Box {
    @PrimaryGeneratedColumn() id: number;
    @Column() breadth: number;
    @Column('int', { nullable: true }) height: number | null;
    @Column({ type: 'int', asExpression: '"breadth" * 2', generatedType: 'STORED' }) double: number;
    @Index() @Column({ type: 'int', asExpression: '"breadth" * "height"', nullable: true }) area: number | null;
  }
  return Box;
}

describe('columns that the database computes', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('are never written, and have their values on the rows that were', async () => {
      const project = new EvolvingProject(suite.url);
      const Box = boxes();
      await project.evolve([Box]);
      const text = project.read(project.files[0]!);
      expect(text).toMatch(/double: ops.integer\(\{ generated: 'expression', expression: '"width" \* 2' \}\)/);
      expect(text).toMatch(/area: .*virtual: true, nullable: true/s);
      await project.with([Box], async ({ db, get }) => {
        expect((await get(DriftFinder).find()).differences).toEqual([]);
        const rows = db.objects(Box);
        expect(await db.save(Object.assign(new Box(), { width: 1, height: 3, double: 99 }))).toMatchObject({
          double: 2,
          area: 3,
        });
        expect(await rows.bulkCreate([{ width: 2, height: 3 }, { width: 3 }] as never)).toMatchObject([
          { double: 4, area: 6 },
          { double: 6, area: null },
        ]);
        expect(await db.dataSource.manager.save(Box, { width: 4, height: 2 } as never)).toMatchObject({
          double: 8,
          area: 8,
        });
        const box = await rows.get({ width: 4 });
        box.width = 5;
        expect(await db.save(box)).toMatchObject({ double: 10, area: 10 });
        await expect(rows.update({ double: 1 })).rejects.toMatchObject({
          message: '"double" of Box is computed by the database',
        });
        await expect(rows.bulkUpdate([box], ['double'])).rejects.toThrow('computed by the database');
        expect(await rows.filter({ area__gte: 6 }).orderBy('area').flat('double').all()).toEqual([4, 10]);
      });
    });

    it('are made anew when they compute something else, with what stands on them', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve([boxes()]);
      await project.with([], ({ db }) => db.query('INSERT INTO box (width, height) VALUES (1, 4), (2, 5)'));
      const values = (entity: Class): Promise<unknown> =>
        project.with([entity], async ({ db, get }) => {
          expect((await get(DriftFinder).find()).differences).toEqual([]);
          return db
            .objects(entity)
            .orderBy('id' as never)
            .values('double' as never, 'area' as never)
            .all();
        });
      const steps: readonly [string, Class, unknown][] = [
        [
          'stored',
          boxes({ ...AREA, generatedType: 'STORED' }),
          [
            { double: 2, area: 4 },
            { double: 4, area: 10 },
          ],
        ],
        [
          'another',
          boxes(AREA, { asExpression: '"width" * 3' }),
          [
            { double: 3, area: 4 },
            { double: 6, area: 10 },
          ],
        ],
        [
          'back',
          boxes({ ...AREA, generatedType: 'STORED' }),
          [
            { double: 2, area: 4 },
            { double: 4, area: 10 },
          ],
        ],
        [
          'plain',
          boxes({ nullable: true }),
          [
            { double: 2, area: 4 },
            { double: 4, area: 10 },
          ],
        ],
        [
          'computed',
          boxes(),
          [
            { double: 2, area: 4 },
            { double: 4, area: 10 },
          ],
        ],
      ];
      for (const [name, entity, found] of steps) {
        await project.evolve([entity], { name });
        expect(await values(entity), name).toEqual(found);
      }
      await expect(
        project.with([], ({ db }) => db.query('INSERT INTO box (width, height) VALUES (1, 1)')),
      ).rejects.toThrow();
      await expect(
        project.with([], ({ db }) => db.query('INSERT INTO box (width, height) VALUES (-1, 1)')),
      ).rejects.toThrow();
      await project.evolve([wideBoxes()], { rename: ['shop.Box.width:breadth'] });
      expect(project.read(project.files.at(-1)!)).not.toContain('alterField');
      expect(await values(wideBoxes())).toEqual([
        { double: 2, area: 4 },
        { double: 4, area: 10 },
      ]);
      await project.with([wideBoxes()], async (app) => {
        await project.migrate(app, '0001');
        expect(
          await app.db.query('SELECT "double" FROM box'.replaceAll('"', suite.dialect === 'mysql' ? '`' : '"')),
        ).toEqual([{ double: 2 }, { double: 4 }]);
      });
    });
  });
});
