import { type Class } from 'bowerbird/core';
import { CheckConstraint, DriftFinder, F, Lower, Q, TableIndex, UniqueConstraint } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Booking, Hall } from './constraints.world.js';
import { EvolvingProject, wipe } from './migrations.support.js';

type Version = 'bare' | 'first' | 'changed' | 'renamed';

/** Members of a club: without constraints, with some, with others, and with the same over columns of other names. */
function members(version: Version): readonly Class[] {
  if (version === 'renamed') {
    @Entity('member')
    @UniqueConstraint<Member>('member_mail', { expressions: [Lower('address')] })
    @UniqueConstraint<Member>('member_card', { fields: ['card'], where: Q({ state: 'active' }) })
    @UniqueConstraint<Member>('member_locker', { fields: ['floor', 'box'], nulls: 'same' })
    @CheckConstraint<Member>('member_age', { years__gte: 18, state__ne: 'left' })
    class Member {
      @PrimaryGeneratedColumn() id: number;
      @Column({ length: 80 }) address: string;
      @Column({ length: 20 }) state: string;
      @Column() card: number;
      @Column() years: number;
      @Column({ nullable: true, type: 'int' }) floor: number | null;
      @Column({ nullable: true, type: 'int' }) box: number | null;
    }
    return [Member];
  }
  @Entity('member')
  class Member {
    @PrimaryGeneratedColumn() id: number;
    @Column({ length: 80 }) email: string;
    @Column({ length: 20 }) status: string;
    @Column() card: number;
    @Column() age: number;
    @Column({ nullable: true, type: 'int' }) floor: number | null;
    @Column({ nullable: true, type: 'int' }) locker: number | null;
  }
  const decorators: Readonly<Record<Exclude<Version, 'renamed'>, readonly ClassDecorator[]>> = {
    bare: [],
    first: [
      UniqueConstraint<Member>('member_mail', { expressions: [Lower('email')] }),
      UniqueConstraint<Member>('member_card', { fields: ['card'], where: Q({ status: 'active' }) }),
      UniqueConstraint<Member>('member_locker', { fields: ['floor', 'locker'], nulls: 'same' }),
      CheckConstraint<Member>('member_age', { age__gte: 18, status__ne: 'left' }),
    ],
    changed: [
      UniqueConstraint<Member>('member_mail', { expressions: [Lower('email'), F('age').plus(1)] }),
      UniqueConstraint<Member>('member_card', { fields: ['card', 'age'], where: Q({ status__in: ['active', 'new'] }) }),
      UniqueConstraint<Member>('member_locker', { fields: ['floor', 'locker'] }),
      CheckConstraint<Member>('member_age', { age__gte: 21 }),
      TableIndex<Member>('member_by_status', { fields: ['status'], include: ['age'] }),
    ],
  };
  for (const decorate of decorators[version as 'bare']) decorate(Member);
  return [Member];
}

const RENAMES = [
  'shop.Member.email:address',
  'shop.Member.status:state',
  'shop.Member.age:years',
  'shop.Member.locker:box',
];

/** The migration of the bookings as each of the databases had it written. */
const written = new Set<string>();

describe('constraints in migrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    /** The entities, the files and the database say the same. */
    const settled = (project: EvolvingProject, entities: readonly Class[]) =>
      project.with(entities, async (app) => {
        expect((await app.get(DriftFinder).find()).differences).toEqual([]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
      });
    const insert = (project: EvolvingProject, values: string) =>
      project.with([], async ({ db }) => {
        await db.query(
          `INSERT INTO member (email, status, card, age, floor, locker) VALUES ${values}`.replaceAll('`', '"'),
        );
      });

    it('come, change and go, and the database is always what they say', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(members('bare'));
      await insert(project, "('a', 'active', 1, 30, NULL, 1)");
      await project.evolve(members('first'));
      await settled(project, members('first'));
      for (const bad of [
        "('A', 'active', 2, 30, 1, 2)",
        "('b', 'active', 1, 30, 1, 2)",
        "('b', 'new', 1, 30, NULL, 1)",
        "('b', 'new', 1, 17, 1, 2)",
      ])
        await expect(insert(project, bad)).rejects.toMatchObject({ status: 409 });
      await insert(project, "('b', 'new', 1, 31, 1, NULL)");
      await project.evolve(members('changed'));
      await settled(project, members('changed'));
      await expect(insert(project, "('c', 'new', 1, 31, NULL, 1)")).rejects.toMatchObject({ code: 'orm.unique' });
      await insert(project, "('A', 'x', 1, 32, NULL, 1)");
      await project.evolve(members('bare'));
      await settled(project, members('bare'));
      await insert(project, "('A', 'x', 1, 1, NULL, 1)");
    });

    it('follow columns that are renamed', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve(members('first'));
      await insert(project, "('a', 'active', 1, 30, NULL, 1)");
      await project.evolve(members('renamed'), { rename: RENAMES });
      expect(project.read(project.files[1]!)).not.toMatch(/Unique|Index|Check/);
      await settled(project, members('renamed'));
      await project.with([], async ({ db }) => {
        const into = 'INSERT INTO member (address, state, card, years, floor, box) VALUES';
        await expect(db.query(`${into} ('A', 'x', 1, 30, 1, 1)`)).rejects.toMatchObject({ code: 'orm.unique' });
        await expect(db.query(`${into} ('b', 'active', 1, 30, 1, 1)`)).rejects.toMatchObject({ code: 'orm.unique' });
        await expect(db.query(`${into} ('b', 'x', 1, 30, NULL, 1)`)).rejects.toMatchObject({ code: 'orm.unique' });
        await expect(db.query(`${into} ('b', 'x', 1, 3, 1, 1)`)).rejects.toMatchObject({ code: 'orm.check' });
      });
      await project.with(members('first'), (app) => project.migrate(app, '0001'));
      await expect(insert(project, "('A', 'x', 1, 30, 1, 1)")).rejects.toMatchObject({ code: 'orm.unique' });
    });

    it('are the same wherever they are written', async () => {
      const project = new EvolvingProject(suite.url);
      await project.evolve([Hall, Booking]);
      await settled(project, [Hall, Booking]);
      written.add(project.read(project.files[0]!));
      expect([...written]).toEqual([expect.stringContaining('checks: [')]);
    });

    it('have orders within indexes over expressions', async () => {
      const sorted = (email: string, rename = false): Class => {
        @Entity('sorted')
        class Sorted {
          @PrimaryGeneratedColumn() id: number;
          @Column({ length: 80 }) email: string;
          @Column() age: number;
        }
        if (rename) {
          @Entity('sorted')
          class Renamed {
            @PrimaryGeneratedColumn() id: number;
            @Column({ length: 80 }) address: string;
            @Column() age: number;
          }
          Object.defineProperty(Renamed, 'name', { value: 'Sorted' });
          TableIndex<Renamed>('sorted_first', { expressions: [Lower('address').desc(), '-age', 'id'] })(Renamed);
          return Renamed;
        }
        const first = email === '-' ? [Lower('email').desc(), '-age', 'id'] : ['email__lower', F('age').plus(1).desc()];
        TableIndex<Sorted>('sorted_first', { expressions: first })(Sorted);
        return Sorted;
      };
      const text = async (project: EvolvingProject): Promise<string> =>
        project.with([], async ({ db }) => {
          if (suite.dialect === 'mysql') return '';
          const [row] = await db.query<{ sql: string }[]>(
            suite.dialect === 'sqlite'
              ? "SELECT sql FROM sqlite_master WHERE name = 'sorted_first'"
              : "SELECT indexdef AS sql FROM pg_indexes WHERE indexname = 'sorted_first'",
          );
          return row!.sql.replaceAll('"', '');
        });
      const project = new EvolvingProject(suite.url);
      await project.evolve([sorted('-')]);
      await settled(project, [sorted('-')]);
      const [made] = [await text(project)];
      if (suite.dialect !== 'mysql') expect(made).toMatch(/email.* DESC, age DESC, id\)/);
      await project.evolve([sorted('+')]);
      await settled(project, [sorted('+')]);
      if (suite.dialect !== 'mysql') expect(await text(project)).toMatch(/email[^,]*\)+, .*age.* DESC\)/);
      await project.with([sorted('-')], (app) => project.migrate(app, '0001'));
      expect(await text(project)).toBe(made);
      await project.with([], (app) => project.migrate(app));
      await project.evolve([sorted('-')]);
      await project.evolve([sorted('-', true)], { rename: ['shop.Sorted.email:address'] });
      await settled(project, [sorted('-', true)]);
    });

    it('have no order in unique indexes over expressions, and no place of their own for NULL', async () => {
      const problem = async (decorate: ClassDecorator): Promise<unknown> => {
        @Entity()
        class Placed {
          @PrimaryGeneratedColumn() id: number;
          @Column() name: string;
        }
        decorate(Placed);
        const project = new EvolvingProject(suite.url);
        return project.with([Placed], (app) => project.make(app).catch((error: unknown) => error));
      };
      const refused = { code: 'orm.entity_metadata' };
      expect(await problem(UniqueConstraint('placed', { expressions: [Lower('name').desc()] }))).toMatchObject(refused);
      const nulls = TableIndex('placed', { expressions: [Lower('name').asc({ nulls: 'first' })] });
      expect(await problem(nulls)).toMatchObject(refused);
      expect(await problem(TableIndex('placed', { expressions: ['-nmae'] }))).toMatchObject(refused);
    });

    it('that cannot be read stop whoever writes migrations', async () => {
      @Entity()
      @CheckConstraint<Lost>('lost_name', { nmae: 'x' } as object)
      class Lost {
        @PrimaryGeneratedColumn() id: number;
        @Column() name: string;
      }
      const project = new EvolvingProject(suite.url);
      await project.with([Lost], async (app) => {
        await expect(project.make(app)).rejects.toMatchObject({
          code: 'orm.entity_metadata',
          message: expect.stringContaining('lost_name of Lost cannot be read: Lost has no path "nmae"') as string,
        });
      });
    });
  });
});
