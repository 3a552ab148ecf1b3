import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Injectable, Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { SettingsProblems } from 'bowerbird/core';
import {
  AfterMigrate,
  App,
  Database,
  Databases,
  MigrateHook,
  Migrator,
  OrmModule,
  resolveOrm,
  type EntityDescription,
} from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, beforeEach, expect, it } from 'vitest';

import { createDatabase, eachDatabase } from '../../support/databases.js';

@Entity()
class Right {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

@Entity()
class Log {
  @PrimaryGeneratedColumn() id: number;
  @Column() text: string;
}

/** Keeps a row in the default database for each entity, as permissions are kept. */
@AfterMigrate()
@Injectable()
class Rights extends MigrateHook {
  constructor(private readonly database: Database) {
    super();
  }

  async afterMigrate(descriptions: readonly EntityDescription[]): Promise<void> {
    const known = new Set(await this.database.objects(Right).flat('name').all());
    const missing = descriptions.filter(({ key }) => !known.has(key));
    await this.database.save(missing.map(({ key }) => Object.assign(new Right(), { name: key })));
  }
}

function folderOf(entity: string, field: string, after = ''): URL {
  const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'modules', 'databases-'))}/`);
  const table = `ops.createEntity('${entity}', { table: '${entity.toLowerCase()}', fields: { id: ops.id(), ${field}: ops.string(255) } })`;
  writeFileSync(
    new URL('0001_initial.ts', folder),
    `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ ${after} operations: [${table}] });\n`,
  );
  return folder;
}

eachDatabase((suite) => {
  let module: TestingModule;
  let migrator: Migrator;
  let other: Awaited<ReturnType<typeof createDatabase>>;
  let main: typeof other;

  beforeEach(async () => {
    [main, other] = [await createDatabase(suite.dialect), await createDatabase(suite.dialect)];
    @App({ name: 'rights', entities: [Right], migrations: folderOf('Right', 'name') })
    @Module({ providers: [Rights] })
    class RightsModule {}
    const after = "dependencies: [['rights', '0001_initial']],";
    @App({ name: 'logs', entities: [Log], database: 'logs', migrations: folderOf('Log', 'text', after) })
    @Module({})
    class LogsModule {}
    const config = resolveOrm(
      { apps: [RightsModule, LogsModule], database: main.url, databases: { logs: other.url } },
      new SettingsProblems(),
      { root: pathToFileURL(`${tmpdir()}/`) },
    );
    module = await Test.createTestingModule({
      imports: [OrmModule.forRoot(config), RightsModule, LogsModule],
    }).compile();
    await module.init();
    migrator = module.get(Migrator);
  });
  afterEach(async () => {
    await module.close();
    await Promise.all([main.drop(), other.drop()]);
  });

  const rights = async () => (await module.get(Database).objects(Right).orderBy('id').flat('name').all()).sort();

  it('migrates a further database before the default one, whose hooks then see the entities of both', async () => {
    const done = await migrator.migrate({ database: 'logs' });
    expect(done.map(({ file }) => `${file.app}.${file.name}`)).toEqual(['rights.0001_initial', 'logs.0001_initial']);
    await expect(module.get(Databases).get('logs').query('SELECT * FROM "right"')).rejects.toThrow();
    expect(await migrator.pending('logs')).toEqual([]);
    await migrator.migrate();
    expect(await rights()).toEqual(['logs.log', 'rights.right']);
  });

  it('runs the hooks after a further database when the default one is done', async () => {
    await migrator.migrate();
    await migrator.migrate({ database: 'logs' });
    expect(await rights()).toEqual(['logs.log', 'rights.right']);
  });
});
