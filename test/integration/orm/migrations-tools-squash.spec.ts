import { OptimizeMigrationCommand, SquashMigrationsCommand } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const migration = (operations: string, more = ''): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ ${more} operations: [${operations}] });\n`;

const ORIGINALS = {
  '0001_initial.ts': migration(
    "ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.string() } })",
  ),
  '0002_title.ts': migration(
    "ops.addField('Note', 'title', ops.string({ nullable: true })), ops.addIndex('Note', { fields: ['title'] })",
  ),
  '0003_rows.ts': migration(
    `ops.code(async (db) => { await db.query('INSERT INTO note (id, text, title) VALUES (?, ?, ?)', [1, 'first', null]); }, async () => {}),
     ops.sql("UPDATE note SET title = 'none' WHERE title IS NULL", [])`,
  ),
  '0004_tag.ts': migration(
    `ops.alterField('Note', 'title', ops.string({ length: 80 })),
     ops.createEntity('Tag', { table: 'tag', fields: { id: ops.id(), size: ops.decimal({ precision: 9, scale: 2 }), at: ops.datetime({ nullable: true }), data: ops.json(), on: ops.boolean(), code: ops.uuid(), note: ops.manyToOne('Note', { columns: { noteId: 'id' } }) } }),
     ops.createEntity('Old', { table: 'old', fields: { id: ops.id() } }), ops.dropEntity('Old')`,
  ),
};

const SQUASHED = `import { Migration, ops } from 'bowerbird/orm';

import from0003 from './0003_rows.js';

export default new Migration({
  replaces: ['0001_initial', '0002_title', '0003_rows', '0004_tag'],
  operations: [
    ops.createEntity('Note', {
      table: 'note',
      fields: {
        id: ops.id(),
        text: ops.string(),
        title: ops.string({ nullable: true }),
      },
      indexes: [{ fields: ['title'] }],
    }),
    from0003.operations[0]!,
    ops.sql("UPDATE note SET title = 'none' WHERE title IS NULL", []),
    ops.alterField('Note', 'title', ops.string({ length: 80 })),
    ops.createEntity('Tag', {
      table: 'tag',
      fields: {
        id: ops.id(),
        size: ops.decimal({ precision: 9, scale: 2 }),
        at: ops.datetime({ nullable: true }),
        data: ops.json(),
        on: ops.boolean(),
        code: ops.uuid(),
        note: ops.manyToOne('Note', { columns: { noteId: 'id' } }),
      },
    }),
  ],
});
`;

const NAME = '0001_squashed_0004_tag';

describe('squashed migrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) made.write(name, text);
      return made;
    };
    const squashed = (): EvolvingProject => project({ ...ORIGINALS, [`${NAME}.ts`]: SQUASHED });
    const ledger = async (app: OrmTestApp): Promise<readonly string[]> => {
      const rows = await app.db.query<{ name: string }[]>('SELECT name FROM bowerbird_migrations ORDER BY name');
      return rows.map(({ name }) => name);
    };
    const WHOLE = ['0001_initial', NAME, '0002_title', '0003_rows', '0004_tag'];

    it('are written with fewer operations, and borrow the code that cannot be written anew', async () => {
      const made = project(ORIGINALS);
      await made.with([], async (app) => {
        const args = { app: 'shop', migrations: ['0004'] };
        const shown = await made.run(app, SquashMigrationsCommand, args, { dryRun: true });
        expect(shown.text).toContain(SQUASHED);
        expect(made.files).toHaveLength(4);
        const io = await made.run(app, SquashMigrationsCommand, args);
        expect(io.lines).toEqual([
          `shop: ${NAME} stands for 4 migrations`,
          '  9 operations became 5',
          '  It uses the code of 0003_rows: move that here before you delete the file',
          expect.stringContaining(`${NAME}.ts`),
          'exit 0',
        ]);
        expect(made.read(`${NAME}.ts`)).toBe(SQUASHED);
        const part = { app: 'shop', migrations: ['0002', '0003'] };
        const plain = await made
          .run(app, SquashMigrationsCommand, part, {
            dryRun: true,
            optimize: false,
            name: 'rows',
          })
          .catch((error: Error) => error);
        expect(plain).toMatchObject({ code: 'orm.unknown_migration' });
      });
    });

    it('may begin in the middle, and then follow what came before', async () => {
      const made = project(ORIGINALS);
      await made.with([], async (app) => {
        const io = await made.run(
          app,
          SquashMigrationsCommand,
          { app: 'shop', migrations: ['0002', '0003'] },
          { optimize: false, name: 'rows' },
        );
        expect(io.lines[0]).toBe('shop: 0002_squashed_0003_rows stands for 2 migrations');
        await expect(
          made.run(app, SquashMigrationsCommand, { app: 'shop', migrations: ['0001'] }),
        ).rejects.toMatchObject({ code: 'core.command' });
      });
      await made.with([], async (app) => {
        await made.migrate(app);
        expect(await app.db.query('SELECT title FROM note')).toEqual([{ title: 'none' }]);
        expect(await made.show(app)).toBe(
          'shop\n [X] 0001_initial\n [X] 0002_squashed_0003_rows  (stands for 2 migrations)\n [X] 0004_tag',
        );
      });
    });

    it('run on a fresh database, which then knows what they stand for as well', async () => {
      const made = squashed();
      await made.with([], async (app) => {
        const io = await made.migrate(app);
        expect(io.lines[0]).toBe(`Applying shop ${NAME}`);
        expect(await app.db.query('SELECT text, title FROM note')).toEqual([{ text: 'first', title: 'none' }]);
        expect(await ledger(app)).toEqual([...WHOLE].sort());
        expect(await made.show(app)).toBe(`shop\n [X] ${NAME}  (stands for 4 migrations)`);
        await expect(made.migrate(app, '0002')).rejects.toMatchObject({ code: 'orm.migration_history' });
        expect((await made.migrate(app, 'zero')).lines[0]).toBe(`Taking back shop ${NAME}`);
        expect(await ledger(app)).toEqual([]);
        expect((await made.migrate(app)).text).toContain(`Applying shop ${NAME}`);
      });
    });

    it('are only written down where all that they stand for is applied', async () => {
      const made = project(ORIGINALS);
      await made.with([], (app) => made.migrate(app));
      made.write(`${NAME}.ts`, SQUASHED);
      await made.with([], async (app) => {
        expect((await made.migrate(app, undefined, { plan: true })).text).toBe('Nothing to migrate.');
        expect(await made.show(app)).toBe(`shop\n [X] ${NAME}  (stands for 4 migrations)`);
        expect((await made.migrate(app)).text).toBe('Nothing to migrate.');
        expect(await ledger(app)).toEqual([...WHOLE].sort());
        expect(await app.db.query('SELECT text FROM note')).toEqual([{ text: 'first' }]);
      });
    });

    it('are written down where their tables are there without a history, but only when these match', async () => {
      const made = squashed();
      await made.with([], async (app) => {
        await made.migrate(app);
        await app.db.query('DELETE FROM bowerbird_migrations');
        expect((await made.migrate(app, undefined, { dryRun: true })).text).toBe(
          `-- Applying shop ${NAME}\n--   only written down: its tables are there already`,
        );
        expect((await made.migrate(app)).lines.slice(0, 2)).toEqual([
          `Applying shop ${NAME}`,
          '  only written down: its tables are there already',
        ]);
        expect(await ledger(app)).toEqual([...WHOLE].sort());
        expect(await app.db.query('SELECT text FROM note')).toEqual([{ text: 'first' }]);

        await app.db.query('DELETE FROM bowerbird_migrations');
        await app.db.query('ALTER TABLE tag ADD COLUMN extra integer');
        await expect(made.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_history',
          message: expect.stringContaining('tag: column "extra" is not known to the migrations'),
        });
        await app.db.query('ALTER TABLE tag DROP COLUMN extra');
        await app.db.query('ALTER TABLE tag DROP COLUMN size');
        await app.db.query('ALTER TABLE tag ADD COLUMN size integer');
        await expect(made.migrate(app)).rejects.toMatchObject({
          message: expect.stringMatching(
            /tag: column "size": type is int.*, the migrations say (decimal|numeric)\(9, 2\)/i,
          ),
        });
        await app.db.query('DROP TABLE tag');
        await expect(made.migrate(app)).rejects.toMatchObject({
          message: expect.stringContaining('table "tag" is missing'),
        });
        expect(await ledger(app)).toEqual([]);
      });
    });

    it('are refused where only a part is applied, until the rest is', async () => {
      const made = project(ORIGINALS);
      await made.with([], (app) => made.migrate(app, '0002'));
      made.write(`${NAME}.ts`, SQUASHED);
      await made.with([], async (app) => {
        const refusal = {
          code: 'orm.migration_history',
          message: `shop.${NAME} stands for 4 migrations, of which only some are applied; missing: shop.0003_rows, shop.0004_tag`,
          hint: 'Apply the rest first, while their files are there: migrate shop 0004_tag',
        };
        await expect(made.migrate(app)).rejects.toMatchObject(refusal);
        await expect(made.migrate(app, undefined, { plan: true })).rejects.toMatchObject(refusal);
        expect(await made.show(app)).toBe('shop\n [X] 0001_initial\n [X] 0002_title\n [ ] 0003_rows\n [ ] 0004_tag');
        expect((await made.migrate(app, '0004_tag')).text).toContain('Applying shop 0003_rows');
        expect((await made.migrate(app)).text).toBe('Nothing to migrate.');
        expect(await ledger(app)).toEqual([...WHOLE].sort());
      });
    });

    it('stay when the originals go, and may be squashed again', async () => {
      const original = squashed();
      await original.with([], (app) => original.migrate(app));
      const alone = SQUASHED.replace(/import from0003.*\n\n/, '').replace(/ +from0003.*\n/, '');
      const made = project({ [`${NAME}.ts`]: alone });
      await made.with([], async (app) => {
        expect(await made.show(app)).toContain(`[X] ${NAME}  (stands for 4 migrations; changed since it was applied)`);
        expect((await made.migrate(app, undefined, { prune: true })).text).toBe('Nothing to prune.');
        await made.make(app, { empty: true }, undefined, ['shop']);
        expect(made.files).toEqual([`${NAME}.ts`, '0005_custom.ts']);
        expect(made.read('0005_custom.ts')).toContain(`dependencies: [['shop', '${NAME}']],`);
      });
      await made.with([], async (app) => {
        await made.run(app, SquashMigrationsCommand, { app: 'shop', migrations: ['0005'] });
        expect(made.files).toContain('0001_squashed_0005_custom.ts');
      });
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toMatchObject({
          hint: expect.stringContaining('migrate shop 0005_custom'),
        });
        await made.migrate(app, '0005_custom');
        expect((await made.migrate(app)).text).toBe('Nothing to migrate.');
        expect(await made.show(app)).toBe('shop\n [X] 0001_squashed_0005_custom  (stands for 2 migrations)');
      });
    });

    it('leave entries behind that prune forgets, once they no longer say what they stood for', async () => {
      const original = squashed();
      await original.with([], (app) => original.migrate(app));
      const made = project({ [`${NAME}.ts`]: migration('') });
      await made.with([], async (app) => {
        expect(await made.show(app)).toContain('[?] 0002_title  (applied, but there is no file)');
        const io = await made.migrate(app, undefined, { prune: true });
        expect([...io.lines].sort()).toEqual([
          'Forgot shop.0001_initial, which has no file',
          'Forgot shop.0002_title, which has no file',
          'Forgot shop.0003_rows, which has no file',
          'Forgot shop.0004_tag, which has no file',
        ]);
        expect(await ledger(app)).toEqual([NAME]);
        expect((await made.migrate(app)).text).toBe('Nothing to migrate.');
      });
    });

    it('optimizes a file that is applied nowhere', async () => {
      const made = project({
        '0001_initial.ts': ORIGINALS['0001_initial.ts'],
        '0002_title.ts': migration(
          `ops.addField('Note', 'size', ops.integer(), { fill: 1 }), ops.renameField('Note', 'size', 'length'),
           ops.addField('Note', 'gone', ops.text({ nullable: true })), ops.removeField('Note', 'gone')`,
        ),
        '0003_code.ts': migration('ops.code(async () => {})'),
      });
      await made.with([], async (app) => {
        const args = { app: 'shop', migration: '0002' };
        const checked = await made.run(app, OptimizeMigrationCommand, args, { check: true });
        expect(checked.lines).toEqual(['shop.0002_title could do with 1 operations', 'exit 1']);
        await made.run(app, OptimizeMigrationCommand, args);
        expect(made.read('0002_title.ts')).toContain(
          "operations: [ops.addField('Note', 'length', ops.integer(), { fill: 1 })],",
        );
        await expect(made.run(app, OptimizeMigrationCommand, { app: 'shop', migration: '0003' })).rejects.toMatchObject(
          { message: 'shop.0003_code contains code, which cannot be written anew' },
        );
        const first = await made.run(app, OptimizeMigrationCommand, { app: 'shop', migration: '0001' });
        expect(first.text).toBe('Nothing to optimize.\nexit 0');
      });
      const applied = project({
        ...ORIGINALS,
        '0002_title.ts': migration("ops.renameTable('Note', 'a'), ops.renameTable('Note', 'b')"),
      });
      await applied.with([], async (app) => {
        await applied.migrate(app, '0002');
        await expect(
          applied.run(app, OptimizeMigrationCommand, { app: 'shop', migration: '0002' }),
        ).rejects.toMatchObject({ message: expect.stringContaining('is applied to "default"') });
      });
    });
  });
});
