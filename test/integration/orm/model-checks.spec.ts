import { CheckRunner, CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import {
  CheckConstraint,
  DefaultScope,
  Encrypted,
  ExclusionConstraint,
  Lower,
  Meta,
  OnDeleteSet,
  PositionColumn,
  Q,
  RangeOf,
  resolveOrm,
  UniqueConstraint,
} from 'bowerbird/orm';
import {
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';

@Entity()
@Meta({ requires: ['postgres', 'mysql'] })
@DefaultScope<Patient>('named', { nmae: 'x' } as object)
@DefaultScope<Patient>('young', { age__lt: 9 })
@DefaultScope<Patient>('young', { age__lt: 3 })
@DefaultScope<Patient>('later', () => ({ nobody: 1 }) as object)
class Patient {
  @PrimaryGeneratedColumn() id: number;
  @Column() age: number;
  @Encrypted() @Column({ length: 40 }) short: string;
  @Encrypted() @Index() @Column('text') indexed: string;
  @Encrypted() @Column('text') fine: string;
}

describe('checks of models', () => {
  it('find encrypted columns that cannot work, scopes that cannot be asked, and databases that will not do', async () => {
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Patient],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ deploy: true, areas: ['orm'] });
    const found = findings.filter(({ id }) => /E05/.test(id)).map(({ id, at, message }) => [id, at, message]);
    expect(found).toEqual([
      ['orm.E051', 'Patient.short', expect.stringContaining('holds string')],
      ['orm.E051', 'Patient.indexed', expect.stringContaining('an index')],
      ['orm.E052', 'Patient', expect.stringContaining('"nmae"')],
      ['orm.E052', 'Patient', expect.stringContaining('has the name of another one')],
      ['orm.E053', 'Patient', expect.stringContaining('requires postgres or mysql')],
    ]);
    await app.close();
  });

  eachDatabase((suite) => {
    it('ask the server for versions, features and extensions', async () => {
      @Entity()
      @Meta({
        requires: [
          'sqlite>=3.8',
          'postgres>=99.1',
          'mariadb>=99',
          'mysql>=99',
          'windowFunctions',
          'skipLocked',
          'jsonb',
          'postgres:plpgsql',
          'postgres:nobody_has_this',
          'jsnob' as 'jsonb',
        ],
      })
      class Demanding {
        @PrimaryGeneratedColumn() id: number;
      }
      @Entity()
      @Meta({
        requires: ['recursiveQueries', 'windowFunctions', 'checkConstraints', 'sqlite>=3', 'postgres>=9.6', 'mysql'],
      })
      class Modest {
        @PrimaryGeneratedColumn() id: number;
      }
      const app = await openOrm({
        database: suite.url,
        entities: [Demanding, Modest],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const run = async (options: object) =>
        (await app.get(CheckRunner).run({ areas: ['orm'], ...options })).findings
          .filter(({ id }) => id === 'orm.E053' || id === 'orm.E057')
          .map(({ message }) => message.replace(/; "default" is \w+ [\d.]+$/, '').replace('mysql 99', 'mariadb 99'));
      const unknown = 'Demanding requires "jsnob", which is nothing known. Did you mean "jsonb"?';
      const least = { sqlite: [], postgres: ['postgres 99.1 or later'], mysql: ['mariadb 99 or later'] }[suite.dialect];
      const lacking = {
        sqlite: ['skipLocked', 'jsonb'],
        postgres: ['the extension nobody_has_this'],
        mysql: ['jsonb'],
      }[suite.dialect];
      expect(await run({ deploy: true, database: true })).toEqual([
        unknown,
        ...[...least, ...lacking].map((what) => `Demanding needs ${what}`),
      ]);
      expect(await run({ deploy: true, database: false })).toEqual([unknown]);
      expect(await run({})).toEqual([]);
      await app.close();
    });
  });

  it('find references that cannot be replaced, and positions without a place', async () => {
    @Entity()
    class Sheet {
      @PrimaryGeneratedColumn() id: number;
      @Column() title: string;
      @OneToMany(() => Line, (line) => line.sheet) @OnDeleteSet<never>(null as never) lines: Relation<Line>[];
      @ManyToMany(() => Line) @JoinTable() @OnDeleteSet<never>(null as never) marked: Relation<Line>[];
      @PositionColumn({ within: 'lines' }) place: number;
      @PositionColumn() second: number;
    }
    @Entity()
    @Unique(['sheet', 'place'])
    class Line {
      @PrimaryGeneratedColumn() id: number;
      @ManyToOne(() => Sheet, (sheet) => sheet.lines, { nullable: false, onDelete: 'SET NULL' })
      @OnDeleteSet(() => null as never)
      sheet: Relation<Sheet>;
      @ManyToOne(() => Sheet, { nullable: false }) @OnDeleteSet<never>(null as never) other: Relation<Sheet>;
      @OnDeleteSet(3) @Column() plain: number;
      @PositionColumn({ within: ['sheet', 'place', String('shete') as 'sheet'] }) place: number;
    }
    @Entity()
    class Page {
      @PrimaryColumn() sheetId: number;
      @ManyToOne(() => Sheet) @OnDeleteSet(1) sheet: Relation<Sheet>;
      @PositionColumn({ within: 'sheet' }) place: number;
    }
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [Sheet, Line, Page],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    await app.close();
    const found = findings.filter(({ id }) => /E08[34]/.test(id)).map(({ id, message }) => `${id} ${message}`);
    expect(found).toEqual([
      'orm.E083 Sheet.lines has @OnDeleteSet and does not hold the reference',
      'orm.E083 Sheet.marked has @OnDeleteSet and leads to many rows, whose links go with either side',
      'orm.E084 Sheet has two positions, place and second',
      'orm.E084 Sheet.place is within "lines", which leads to many rows, or to one that holds the reference',
      "orm.E083 Line.sheet has @OnDeleteSet and onDelete: 'SET NULL' as well",
      'orm.E083 Line.other has @OnDeleteSet and must have a value, which null is not',
      'orm.E083 Line.plain has @OnDeleteSet and is no relation',
      'orm.E084 Line.place is within "place", which is the position itself',
      'orm.E084 Line.place is within "shete", which Line does not have',
      expect.stringContaining('which rows that change places would break'),
      'orm.E083 Page.sheet has @OnDeleteSet and is part of the primary key, which does not change',
    ]);
  });

  it('find constraints that cannot be read, that the database cannot keep, and that share a name', async () => {
    abstract class Named {
      @PrimaryGeneratedColumn() id: number;
      @Column() name: string;
    }
    for (const decorate of [
      UniqueConstraint<Named>('shared', { fields: ['name'], where: { name__ne: '' } }),
      CheckConstraint<Named>('{table}_own', { name__ne: '' }),
    ])
      decorate(Named);
    @Entity()
    @CheckConstraint('typo', { nmae: 1 })
    @UniqueConstraint('text', { expressions: [Lower('id')] })
    @UniqueConstraint('nowhere', { fields: ['name', 'shelf'], where: { name: 'x' } })
    @CheckConstraint<One>('later', { name: { first: 1, last: 2 } })
    @ExclusionConstraint('overlap', { elements: [['name', '=']] })
    class One extends Named {}
    @Entity()
    @UniqueConstraint<Two>('late', { fields: ['name'], deferrable: 'deferred' })
    @CheckConstraint<Two>('range', Q({ name__length: RangeOf('id', 'id') }))
    class Two extends Named {}
    const app = await openOrm({
      database: 'sqlite::memory:',
      entities: [One, Two],
      imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      synchronize: false,
    });
    const { findings } = await app.get(CheckRunner).run({ areas: ['orm'] });
    const found = findings.filter(({ id }) => /E05/.test(id)).map(({ id, at, message }) => `${id} ${at}: ${message}`);
    expect(found).toEqual([
      'orm.E054 One: The constraint typo of One cannot be read: One has no path "nmae". Did you mean "name"?',
      expect.stringContaining('The constraint text of One cannot be read: Lower takes string, text, enum there'),
      'orm.E054 One: The constraint nowhere of One cannot be read: One has no path "shelf".',
      expect.stringContaining('The constraint later of One cannot be read'),
      expect.stringContaining('The constraint range of Two cannot be read'),
      'orm.E055 One: "default" is sqlite and has no exclusion constraint for overlap (One)',
      'orm.E055 Two: "default" is sqlite and has no unique set that is checked later for late (Two)',
      'orm.E056 Two: One and Two have a constraint or index of one name, "shared"',
    ]);
    expect(new Set(app.db.describe(Two).checks.map(({ name }) => name))).toEqual(new Set(['two_own']));
    await app.close();
  });

  it('find keys that are none', () => {
    const root = new URL('file:///tmp/');
    const problems = (encryptionKeys: unknown): string[] => {
      const all = new SettingsProblems();
      resolveOrm({ encryptionKeys } as object, all, { root });
      return all.all.map(({ id }) => id);
    };
    expect(problems(['a'])).toEqual([]);
    for (const wrong of ['a', [''], [1], { key: 'a' }]) expect(problems(wrong)).toEqual(['orm.E050']);
  });
});
