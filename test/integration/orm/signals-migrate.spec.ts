import { writeFileSync } from 'node:fs';

import { CoreModule, SecretKeys, SignalHub } from 'bowerbird/core';
import { Migrator, postMigrate, preMigrate } from 'bowerbird/orm';
import { describe, expect, it } from 'vitest';

import { eachDatabase, openOrm } from '../../support/databases.js';
import { EvolvingProject } from './migrations.support.js';

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
