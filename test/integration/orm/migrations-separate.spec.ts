import { DriftFinder, SquashMigrationsCommand } from 'bowerbird/orm';
import { Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const migration = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

const FILES = {
  '0001_initial.ts': migration(
    "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string({ nullable: true }) } })",
  ),
  '0002_apart.ts': migration(
    `ops.databaseOnly(
       ops.addField('Note', 'size', ops.integer({ nullable: true })),
       ops.renameField('Note', 'size', 'weight'),
       ops.code(async (db, { entities }) => { await entities.get('Note').create({ weight: 7 }); }, async () => {}),
     ),
     ops.stateOnly(ops.removeField('Note', 'text'))`,
  ),
  '0003_rows.ts': migration(
    `ops.sql("UPDATE note SET text = 'a'", [], { elidable: true }),
     ops.code(async () => {}, undefined, { elidable: true }),
     ops.data('Note', { forward: async () => {}, backward: null, elidable: true })`,
  ),
};

@Entity()
class Note {
  @PrimaryGeneratedColumn() id: number;
}

describe('migrations of tables and entities apart', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    it('change tables alone, or what is known of entities', async () => {
      const project = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(FILES).slice(0, 2)) project.write(name, text);
      await project.with([Note], async (app) => {
        await project.migrate(app);
        expect(await app.db.query('SELECT * FROM note')).toEqual([{ id: 1, text: null, weight: 7 }]);
        expect((await project.make(app, { check: true })).text).toBe('No changes detected.\nexit 0');
        expect((await app.get(DriftFinder).find()).differences).toMatchObject([
          { subject: 'column', name: 'text', state: 'unknown' },
          { subject: 'column', name: 'weight', state: 'unknown' },
        ]);
        await expect(project.migrate(app, '0001', { force: false })).rejects.toThrow('"size" would be lost');
        await project.migrate(app, '0001');
        expect(await app.db.query('SELECT * FROM note')).toEqual([{ id: 1, text: null }]);
      });
    });
  });

  it('are squashed as they are, without what only changed rows', async () => {
    const project = new EvolvingProject('sqlite::memory:');
    for (const [name, text] of Object.entries(FILES)) project.write(name, text);
    await project.with([Note], async (app) => {
      await project.run(app, SquashMigrationsCommand, { app: 'shop', migrations: ['0003'] });
      const text = project.read(project.files.find((name) => name.includes('squashed'))!);
      expect(text).toContain('from0002.operations[0]!');
      expect(text).toContain("ops.stateOnly(ops.removeField('Note', 'text'))");
      expect(text).not.toMatch(/elidable|from0003/);
    });
    project.write('0004_none.ts', migration('ops.stateOnly()'));
    await project.with([Note], async (app) => {
      await expect(project.make(app)).rejects.toThrow(/ops\.stateOnly has no operations/);
    });
  });
});
