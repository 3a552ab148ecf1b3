import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const file = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

const INITIAL = file(`
  ops.createEntity('Item', {
    table: 'item',
    fields: {
      id: ops.id(),
      name: ops.string({ length: 40 }),
      note: ops.string({ length: 40, nullable: true }),
      amount: ops.integer({ default: 0 }),
    },
  }),
`);
const INPLACE = "{ algorithm: 'inplace' }";
const INSTANT = "{ algorithm: 'instant' }";

/** Each can be done while others write. */
const POSSIBLE = [
  `ops.online(ops.addIndex('Item', { fields: ['name'], name: 'item_by_name' }), ${INPLACE})`,
  `ops.online(ops.addUnique('Item', { fields: ['name', 'amount'], name: 'item_once' }), ${INPLACE})`,
  `ops.online(ops.addField('Item', 'size', ops.integer({ nullable: true })), ${INSTANT})`,
  `ops.online(ops.alterField('Item', 'note', ops.string({ length: 40 }), { fill: '-' }), ${INPLACE})`,
  `ops.online(ops.renameTable('Item', 'items'), ${INPLACE})`,
  `ops.online(ops.removeIndex('Item', { fields: ['name'], name: 'item_by_name' }), ${INPLACE})`,
];

describe('migrations that say how the server must do them', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) made.write(name, text);
      return made;
    };
    const insert = (app: OrmTestApp) =>
      app.db.query("INSERT INTO item (name, note, amount) VALUES ('a', NULL, 1), ('b', 'x', 2), ('c', NULL, 3)");

    it('run forth and back, whatever the database makes of it', async () => {
      const made = project({ '0001_initial.ts': INITIAL, '0002_online.ts': file(POSSIBLE.join(', ')) });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await insert(app);
        const plan = (await made.migrate(app, undefined, { plan: true })).text;
        expect(/ALGORITHM|LOCK=/.test(plan)).toBe(suite.dialect === 'mysql');
        if (suite.dialect === 'mysql') {
          expect(plan).toContain('(`name`) ALGORITHM=INPLACE LOCK=NONE;');
          expect(plan).toMatch(/ADD COLUMN `size` int NULL, ALGORITHM=INSTANT;/);
          expect(plan).toContain("-- in batches: UPDATE `item` SET `note` = '-' WHERE `note` IS NULL");
          expect(plan).toContain('RENAME TO `items`;');
        }
        await made.migrate(app);
        expect(await app.db.query('SELECT name, note, size FROM items ORDER BY id')).toEqual([
          { name: 'a', note: '-', size: null },
          { name: 'b', note: 'x', size: null },
          { name: 'c', note: '-', size: null },
        ]);
        await made.migrate(app, '0001');
        await app.db.query('UPDATE item SET note = NULL');
      });
    });

    const remainder = (sql: string): string =>
      file(`ops.online(ops.addField('Item', 'rest', ops.integer(), { fill: { sql: '${sql}' } }))`);
    const many = async (app: OrmTestApp): Promise<void> => {
      for (let start = 0; start < 12_000; start += 1000) {
        const rows = Array.from({ length: 1000 }, (_, index) => `('n', ${start + index})`);
        await app.db.query(`INSERT INTO item (name, amount) VALUES ${rows.join(', ')}`);
      }
    };

    it('fill many rows in batches', async () => {
      const made = project({ '0001_initial.ts': INITIAL, '0002_fill.ts': remainder('amount % 7') });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await many(app);
        const { bars } = await made.migrate(app, undefined, { verbosity: '2' });
        if (suite.dialect !== 'sqlite')
          expect(bars).toEqual(['5000', '10000', '12000'].map((done, at) => `batch ${at + 1}: ${done} of 12000`));
        const rows = await app.db.query<{ n: number | string }[]>(
          'SELECT COUNT(*) AS n FROM item WHERE rest = amount % 7',
        );
        expect(Number(rows[0]!.n)).toBe(12_000);
      });
    });

    it('end where values come out empty that must not be', async () => {
      const made = project({ '0001_initial.ts': INITIAL, '0002_fill.ts': remainder('NULLIF(amount % 7, 3)') });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await many(app);
        await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_failed' });
      });
    });

    it.runIf(suite.dialect === 'mysql')('are refused by the server where others would have to wait', async () => {
      const cases: readonly (readonly [string, string, RegExp])[] = [
        ["ops.alterField('Item', 'amount', ops.bigint({ default: 0 }))", INPLACE, /ALGORITHM=INPLACE is not supported/],
        ["ops.addCheck('Item', { expression: 'amount >= 0' })", INPLACE, /ALGORITHM=INPLACE is not supported/],
        ["ops.addIndex('Item', { fields: ['name'] })", INSTANT, /ALGORITHM=INSTANT is not supported/],
      ];
      for (const [operation, how, message] of cases) {
        const before = { '0001_initial.ts': INITIAL };
        const made = project({ ...before, '0002_change.ts': file(`ops.online(${operation}, ${how})`) });
        await made.with([], async (app) => {
          await made.migrate(app, '0001');
          await insert(app);
          const [{ 'Create Table': table }] =
            await app.db.query<[{ 'Create Table': string }]>('SHOW CREATE TABLE item');
          await expect(made.migrate(app)).rejects.toMatchObject({
            code: 'orm.online_refused',
            message: expect.stringMatching(message),
            hint: expect.stringMatching(/^The server did nothing\. Leave `algorithm` out/),
          });
          expect((await app.db.query<object[]>('SHOW CREATE TABLE item'))[0]).toMatchObject({ 'Create Table': table });
        });
        const mended = project({ ...before, '0002_change.ts': file(`ops.online(${operation})`) });
        await mended.with([], async (app) => {
          await mended.migrate(app);
          expect(await mended.show(app)).toBe('shop\n [X] 0001_initial\n [X] 0002_change');
        });
        await wipe(suite.url);
      }
    });

    it('name an algorithm that there is', async () => {
      const made = project({
        '0001_initial.ts': file("ops.online(ops.sql('SELECT 1'), { algorithm: 'copy' as never })"),
      });
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_file',
          message: expect.stringContaining('ops.online knows no algorithm "copy"'),
        });
      });
    });
  });
});
