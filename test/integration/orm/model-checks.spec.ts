import { CheckRunner, CoreModule, SecretKeys, SettingsProblems } from 'bowerbird/core';
import { DefaultScope, Encrypted, Meta, resolveOrm } from 'bowerbird/orm';
import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';
import { describe, expect, it } from 'vitest';

import { openOrm } from '../../support/databases.js';

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
