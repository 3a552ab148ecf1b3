import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { Migrator } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

const SCRIPT = fileURLToPath(new URL('./migrate-process.ts', import.meta.url));

const file = (operations: string, head = ''): string =>
  `import { Migration, ops } from 'bowerbird/orm';\n${head}\nexport default new Migration({ operations: [${operations}] });\n`;

/** A table with a column of each kind. */
const INITIAL = file(`
  ops.createEntity('Owner', { table: 'owner', fields: { id: ops.id(), name: ops.string({ length: 40 }) } }),
  ops.createEntity('Item', {
    table: 'item',
    fields: {
      id: ops.id(),
      name: ops.string({ length: 40 }),
      price: ops.decimal({ precision: 9, scale: 2, nullable: true }),
      stock: ops.bigint({ default: 0 }),
      live: ops.boolean({ default: false }),
      madeAt: ops.datetime({ nullable: true }),
      day: ops.date({ nullable: true }),
      data: ops.json({ nullable: true }),
      token: ops.uuid({ generated: 'uuid' }),
      created: ops.datetime({ generated: 'created' }),
      owner: ops.manyToOne('Owner', { columns: { ownerId: 'id' }, nullable: true }),
      tags: ops.manyToMany('Tag', { table: 'item_tags', from: { itemId: 'id' }, to: { tagName: 'name' } }),
    },
  }),
`).replace(
  "ops.createEntity('Item'",
  "ops.createEntity('Tag', { table: 'tag', fields: { name: ops.string({ length: 20, primary: true }) } }),\n  ops.createEntity('Item'",
);

describe('data migrations', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, made.folder), text);
      return made;
    };
    /** A place where the code of migration files leaves what it saw. */
    const seen = (): unknown[] => {
      const list: unknown[] = [];
      (globalThis as { seen?: unknown[] }).seen = list;
      return list;
    };

    it('see every kind of value the same, and write it back', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_rows.ts': file(`
          ops.code(async (connection, { entities }) => {
            const owner = await entities.get('Owner').create({ name: 'Ann' });
            const items = entities.get('Item');
            await items.insert([
              { name: 'a', price: '12.5', stock: '9007199254740993', live: true, madeAt: new Date('2026-01-02T03:04:05.678Z'),
                day: '2026-02-03', data: { list: [1, 'two'] }, owner: owner.id },
              { name: 'b', price: null, owner: null },
            ]);
            await entities.get('shop.Tag').insert([{ name: 'red' }]);
            const [first] = await items.rows({ where: { name: 'a' } });
            await entities.pairs('Item', 'tags').insert([{ itemId: first.id, tagName: 'red' }]);
            globalThis.seen.push(await items.rows(), await entities.pairs('Item', 'tags').rows(), await items.count({ live: true }));
          }, async (connection, { entities }) => {
            await entities.pairs('Item', 'tags').removeWhere({});
            await entities.get('Item').removeWhere({ name: ['a', 'b'] });
          }),
          ops.code(async (connection, { entities }) => {
            const items = entities.get('Item');
            const rows = await items.rows();
            await items.update(rows.map(({ id, name }) => ({ id, name: name.toUpperCase(), live: false })));
            await items.updateWhere({ name: 'B' }, { price: '1.00', day: null });
            globalThis.seen.push((await items.rows()).map(({ name, price, live, token }) => [name, price, live, token.length]));
            await items.remove(rows.slice(1));
            globalThis.seen.push(await items.count());
          }, async () => {}),
        `),
      });
      const found = seen();
      await made.with([], async (app) => {
        await made.migrate(app);
        const [rows, pairs, live, changed, left] = found as [
          Record<string, unknown>[],
          unknown[],
          number,
          unknown,
          number,
        ];
        expect(rows).toMatchObject([
          {
            name: 'a',
            price: '12.50',
            stock: '9007199254740993',
            live: true,
            madeAt: new Date('2026-01-02T03:04:05.678Z'),
            day: '2026-02-03',
            data: { list: [1, 'two'] },
            owner: 1,
            created: expect.any(Date),
          },
          { name: 'b', price: null, stock: '0', live: false, madeAt: null, day: null, data: null, owner: null },
        ]);
        expect(pairs).toEqual([{ itemId: 1, tagName: 'red' }]);
        expect([live, left]).toEqual([1, 1]);
        expect(changed).toEqual([
          ['A', '12.50', false, 36],
          ['B', '1.00', false, 36],
        ]);
        await made.migrate(app, '0001');
        expect(await app.db.query('SELECT * FROM item_tags')).toEqual([]);
      });
    });

    it('count on behind keys that they give themselves', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_rows.ts': file(`ops.code(async (connection, { entities }) => {
          const owners = entities.get('Owner');
          await owners.insert([{ id: 40, name: 'a' }, { id: 7, name: 'b' }]);
          await owners.remove([{ id: 40 }]);
          await owners.insert([{ id: 8, name: 'c' }]);
          globalThis.seen.push((await owners.create({ name: 'd' })).id);
        })`),
      });
      const found = seen();
      await made.with([], (app) => made.migrate(app));
      expect(found).toEqual([41]);
    });

    it('add rows of which nothing is said', async () => {
      const made = project({
        '0001_initial.ts': file(`
          ops.createEntity('Ticket', { table: 'ticket', fields: { id: ops.id(), note: ops.string({ default: 'new' }) } }),
          ops.code(async (connection, { entities }) => {
            const tickets = entities.get('Ticket');
            await tickets.insert([{}, {}]);
            globalThis.seen.push((await tickets.create({})).id, await tickets.count({ note: 'new' }));
          })`),
      });
      const found = seen();
      await made.with([], (app) => made.migrate(app));
      expect(found).toEqual([3, 3]);
    });

    it('know the fields of their own time, and say which', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_wrong.ts': file(`ops.code(async (connection, { entities }) => {
          await entities.get('Item').updateWhere({ nmae: 'a' }, { name: 'b' });
        })`),
        '0003_later.ts': file(`ops.addField('Item', 'nmae', ops.text({ default: '' }))`),
      });
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toMatchObject({
          code: 'orm.migration_state',
          message: expect.stringContaining(
            'shop.Item has no field "nmae" at this point of the history. Did you mean "name"?',
          ),
        });
      });
    });

    it('refuse an entity that is not there yet, a row without its key, and a table without one', async () => {
      const wrong = {
        "await entities.get('Thing')": 'There is no entity shop.Thing',
        "await entities.get('Item').update([{ name: 'x' }])": 'A row of shop.Item does not say its key "id"',
        "await entities.pairs('Item', 'owner')": 'shop.Item.owner is not a many-to-many relation',
      };
      for (const [code, message] of Object.entries(wrong)) {
        const made = project({
          '0001_initial.ts': INITIAL,
          '0002_wrong.ts': file(`ops.code(async (connection, { entities }) => { ${code}; })`),
        });
        await made.with([], async (app) => {
          await expect(made.migrate(app)).rejects.toThrow(message);
        });
        await wipe(suite.url);
      }
    });

    /** Twelve owners, renamed in batches of five; the work fails once where it is told to. */
    const BATCHES = {
      '0001_initial.ts': INITIAL,
      '0002_rows.ts': file(`
        ops.code(async (connection, { entities }) => {
          await entities.get('Owner').insert(Array.from({ length: 12 }, (_, index) => ({ name: 'n' + index })));
        }, async (connection, { entities }) => entities.get('Owner').removeWhere({})),
        ops.data('Owner', {
          batch: 5,
          forward: async (rows, { entities }) => {
            await entities.get('Owner').update(rows.map(({ id, name }) => ({ id, name: name + '!' })));
            globalThis.seen.push(rows.length);
            if (globalThis.seen.fail === globalThis.seen.length) throw new Error('no power');
          },
          backward: async (rows, { entities }) => {
            await entities.get('Owner').update(rows.map(({ id, name }) => ({ id, name: name.slice(0, -1) })));
            globalThis.seen.push(-rows.length);
          },
        }),
        ops.addField('Owner', 'size', ops.integer({ default: 1 })),
      `),
    };

    it('go in batches, each committed by itself, and go on behind the last one', async () => {
      const made = project(BATCHES);
      const found = seen() as unknown[] & { fail?: number };
      found.fail = 2;
      const names = `SELECT COUNT(*) AS amount FROM owner WHERE name LIKE '%!'`;
      const amount = async (app: { db: { query<R>(sql: string): Promise<R> } }): Promise<number> =>
        Number((await app.db.query<{ amount: unknown }[]>(names))[0]!.amount);
      await made.with([], async (app) => {
        await expect(made.migrate(app)).rejects.toThrow('no power');
        expect(await amount(app)).toBe(5);
        expect(await made.show(app)).toContain('[~] 0002_rows');
        found.length = 0;
        found.fail = 0;
        await made.migrate(app);
        expect([...found]).toEqual([5, 2]);
        expect(await amount(app)).toBe(12);
        expect(await app.db.query('SELECT * FROM bowerbird_migration_progress')).toEqual([]);
        found.length = 0;
        await made.migrate(app, '0001');
        expect([...found]).toEqual([-5, -5, -2]);
        expect(await amount(app)).toBe(0);
        await made.migrate(app);
        expect(await amount(app)).toBe(12);
      });
    });

    it('tell how far they are, also when they go on, but not into a log that nobody asked for it', async () => {
      const made = project(BATCHES);
      const found = seen() as unknown[] & { fail?: number };
      const bars = async (options: Record<string, unknown>, io?: RecordedIo) => {
        await made.with([], async (app) => {
          await made.migrate(app, '0001');
          io = await made.migrate(app, undefined, options, io);
        });
        return io!.bars;
      };
      const all = ['batch 1: 5 of 12', 'batch 2: 10 of 12', 'batch 3: 12 of 12'];
      expect(await bars({})).toEqual([]);
      expect(await bars({ verbosity: '2' })).toEqual(all);
      expect(await bars({}, new RecordedIo([]))).toEqual(all);
      const silent = new RecordedIo([]);
      expect([await bars({ verbosity: '0' }, silent), silent.text]).toEqual([[], '']);
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        found.length = 0;
        found.fail = 2;
        const broken = new RecordedIo([]);
        await expect(made.migrate(app, undefined, {}, broken)).rejects.toThrow('no power');
        expect(broken.bars).toEqual(all.slice(0, 1));
        found.fail = 0;
        const { bars: rest } = await made.migrate(app, undefined, { verbosity: '2' });
        expect(rest).toEqual(['batch 1: 10 of 12', 'batch 2: 12 of 12']);
      });
    });

    it('refuse batches of no rows', async () => {
      for (const batch of [0, -1, 1.5]) {
        const text = `ops.data('Owner', { batch: ${batch}, forward: async () => {}, backward: null })`;
        const made = project({ '0001_initial.ts': INITIAL, '0002_rows.ts': file(text) });
        await made.with([], async (app) => {
          await expect(made.migrate(app)).rejects.toMatchObject({
            code: 'orm.migration_file',
            message: expect.stringContaining(`in batches of ${batch}`),
          });
        });
      }
    });

    it('go on behind the last batch after a kill -9', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_rows.ts': BATCHES['0002_rows.ts']
          .replace(
            "if (globalThis.seen.fail === globalThis.seen.length) throw new Error('no power');",
            'maybeDie(rows);',
          )
          .replaceAll('globalThis.seen.push(rows.length);', 'console.log(rows.length);')
          .replace(
            '\n',
            '\nconst maybeDie = (rows) => { if (rows[0].name === process.env.KILL) process.kill(process.pid, "SIGKILL"); };\n',
          ),
      });
      const run = (env: Record<string, string>) =>
        spawnSync(process.execPath, [...NODE_FLAGS, SCRIPT, suite.url, made.folder.href], {
          env: { ...process.env, ...env },
          encoding: 'utf8',
        });
      expect(run({ KILL: 'n5' }).signal).toBe('SIGKILL');
      const { stdout, status } = run({});
      expect([status, stdout.split('\n').filter((line) => /^\d/.test(line))]).toEqual([0, ['5', '2']]);
      await made.with([], async (app) => {
        const rows = await app.db.query<{ name: string }[]>('SELECT name FROM owner ORDER BY id');
        expect(rows.map(({ name }) => name)).toEqual(Array.from({ length: 12 }, (_, index) => `n${index}!`));
      });
    }, 60_000);

    it('are shown as one step, and cannot be taken back without saying how', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_rows.ts': file(`ops.data('Owner', { where: { name: 'x' }, forward: async () => {} })`),
        '0003_nothing.ts': file(`ops.data('Owner', { forward: async () => {}, backward: null })`),
      });
      await made.with([], async (app) => {
        expect((await made.migrate(app, undefined, { plan: true })).lines).toContain(
          '-- change the rows of Owner in batches of 500',
        );
        await made.migrate(app);
        await app.get(Migrator).migrate({ app: 'shop', name: '0002' });
        await expect(made.migrate(app, '0001')).rejects.toMatchObject({ code: 'orm.migration_irreversible' });
      });
    });
  });
});
