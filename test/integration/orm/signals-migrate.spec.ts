import { writeFileSync } from 'node:fs';

import { Injectable } from '@nestjs/common';
import { CoreModule, OnSignal, SecretKeys, SignalHub } from 'bowerbird/core';
import { connectionCreated, Databases, Migrator, postMigrate, preMigrate, type ConnectionEvent } from 'bowerbird/orm';
import { describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject } from './migrations.support.js';

@Injectable()
class Openings {
  readonly seen: unknown[] = [];

  constructor(private readonly databases: Databases) {}

  @OnSignal(connectionCreated)
  async opened({ database, dialect }: ConnectionEvent): Promise<void> {
    this.seen.push([database, dialect, await this.databases.get(database).query("SELECT 'yes' AS answer")]);
  }
}

describe('the signal of a connection', () => {
  eachDatabase((database) => {
    it('tells once for each opening, and statements may be sent', async () => {
      const app = await openOrm({
        database: database.url,
        entities: [],
        providers: [Openings],
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
        synchronize: false,
      });
      const opening = ['default', database.dialect, [{ answer: 'yes' }]];
      expect(app.get(Openings).seen).toEqual([opening]);
      await app.db.connect();
      await app.db.close();
      await Promise.all([app.db.connect(), app.db.connect()]);
      expect(app.get(Openings).seen).toEqual([opening, opening]);
      await app.close();
    });
  });
});

describe('signals of migrations', () => {
  eachDatabase((database) => {
    it('tell what is about to run, when nothing is there yet, and what has run', async () => {
      const { folder } = new EvolvingProject(database.url);
      const text = `import { Migration, ops } from 'bowerbird/orm';
export default new Migration({ operations: [ops.createEntity('A', { table: 'a', fields: { id: ops.id() } })] });\n`;
      writeFileSync(new URL('0001_initial.ts', folder), text);
      const app = await openOrm({
        database: database.url,
        entities: [],
        app: { migrations: folder },
        synchronize: false,
        imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)))],
      });
      const heard: unknown[] = [];
      const hub = app.get(SignalHub);
      const hasTable = async (): Promise<boolean> => app.db.query('SELECT * FROM a').then(() => true, () => false); // prettier-ignore
      for (const signal of [preMigrate, postMigrate])
        hub.connect(signal, null, async ({ database: alias, migrations }) => {
          heard.push([signal.name, alias, migrations, await hasTable()]);
        });
      await app.get(Migrator).migrate();
      await app.get(Migrator).migrate();
      expect(heard).toEqual([
        ['preMigrate', 'default', ['shop.0001_initial'], false],
        ['postMigrate', 'default', ['shop.0001_initial'], true],
        ['preMigrate', 'default', [], true],
        ['postMigrate', 'default', [], true],
      ]);
      await app.close();
    });
  });
});
