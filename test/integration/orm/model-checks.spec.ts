import { CheckRunner, CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import {
  CheckConstraint,
  DefaultScope,
  Encrypted,
  ExclusionConstraint,
  Lower,
  Meta,
  Q,
  RangeOf,
  resolveOrm,
  UniqueConstraint,
} from 'bowerbird/orm';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
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
