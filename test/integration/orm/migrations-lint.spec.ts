import { writeFileSync } from 'node:fs';

import { CheckRunner, CoreModule, SecretKeys } from 'bowerbird/core';
import { MigrationLinter, ops, type LintRule, type Operation } from 'bowerbird/orm';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, wipe } from './migrations.support.js';

const file = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

const INITIAL = file(`
  ops.createEntity('Maker', { table: 'maker', fields: { id: ops.id(), name: ops.string({ length: 40 }) } }),
  ops.createEntity('Item', {
    table: 'item',
    fields: {
      id: ops.id(),
      name: ops.string({ length: 40 }),
      note: ops.text({ nullable: true }),
      amount: ops.integer({ default: 0 }),
    },
  }),
`);

/** The same with a reference. */
const WITH_PART = INITIAL.replace(
  '] });',
  `ops.createEntity('Part', {
    table: 'part',
    fields: { id: ops.id(), maker: ops.manyToOne('Maker', { columns: { makerId: 'id' }, nullable: true }) },
  })] });`,
);

/** The reference of a part to its maker, otherwise than it was. */
const maker = (rules: { onDelete?: 'cascade' | 'set-null'; constraint?: false }): Operation =>
  ops.alterField('Part', 'maker', ops.manyToOne('Maker', { columns: { makerId: 'id' }, nullable: true, ...rules }));

type Expected = Readonly<Record<'sqlite' | 'postgres' | 'mysql', readonly LintRule[]>>;
const everywhere = (...rules: readonly LintRule[]): Expected => ({ sqlite: rules, postgres: rules, mysql: rules });

/** What each operation is told, on each database. */
const CASES: readonly (readonly [operations: readonly Operation[], Expected])[] = [
  [[ops.dropEntity('Item')], everywhere('drops-table')],
  [[ops.reviewed(ops.dropEntity('Item'), 'nobody uses it')], everywhere()],
  [
    [ops.removeField('Item', 'note')],
    {
      sqlite: ['drops-column', 'rewrites-table'],
      postgres: ['drops-column'],
      mysql: ['drops-column'],
    },
  ],
  [
    [ops.alterField('Item', 'name', ops.string({ length: 60 }))],
    { sqlite: ['rewrites-table'], postgres: [], mysql: [] },
  ],
  [
    [ops.alterField('Item', 'name', ops.string({ length: 20 }), { lossy: true })],
    {
      sqlite: ['cuts-values', 'rewrites-table'],
      postgres: ['cuts-values', 'rewrites-table'],
      mysql: ['cuts-values', 'rewrites-table'],
    },
  ],
  [[ops.alterField('Item', 'amount', ops.bigint({ default: 0 }))], everywhere('rewrites-table')],
  [
    [ops.addField('Item', 'size', ops.integer())],
    {
      sqlite: ['needs-values', 'rewrites-table'],
      postgres: ['needs-values'],
      mysql: ['needs-values'],
    },
  ],
  [[ops.addField('Item', 'size', ops.integer({ default: 1 }))], everywhere()],
  [
    [ops.addField('Item', 'size', ops.integer(), { fill: { sql: 'amount' } })],
    {
      sqlite: ['rewrites-table'],
      postgres: ['fills-at-once'],
      mysql: ['fills-at-once'],
    },
  ],
  [
    [ops.alterField('Item', 'note', ops.text(), { fill: '' })],
    {
      sqlite: ['rewrites-table'],
      postgres: ['scans-table', 'fills-at-once'],
      mysql: ['may-block', 'fills-at-once'],
    },
  ],
  [
    [ops.online(ops.alterField('Item', 'note', ops.text(), { fill: '' }))],
    {
      sqlite: ['rewrites-table'],
      postgres: [],
      mysql: [],
    },
  ],
  [
    [ops.addIndex('Item', { fields: ['name'] })],
    { sqlite: ['blocks-writes'], postgres: ['blocks-writes'], mysql: ['may-block'] },
  ],
  [
    [ops.online(ops.addIndex('Item', { fields: ['name'] }), { algorithm: 'inplace' })],
    { sqlite: [], postgres: [], mysql: [] },
  ],
  [
    [ops.addCheck('Item', { expression: 'amount >= 0' })],
    {
      sqlite: ['rewrites-table'],
      postgres: ['scans-table'],
      mysql: ['rewrites-table'],
    },
  ],
  [
    [ops.alterField('Item', 'name', ops.string({ length: 20 }))],
    {
      sqlite: ['narrows-values', 'rewrites-table'],
      postgres: ['narrows-values', 'rewrites-table'],
      mysql: ['narrows-values', 'rewrites-table'],
    },
  ],
  [[ops.alterField('Item', 'name', ops.integer())], everywhere('narrows-values', 'rewrites-table')],
  [
    [ops.alterField('Item', 'note', ops.text({ default: '' }))],
    {
      sqlite: ['fills-empty', 'rewrites-table'],
      postgres: ['fills-empty', 'scans-table'],
      mysql: ['fills-empty', 'may-block'],
    },
  ],
  [
    [maker({ onDelete: 'cascade' })],
    { ...everywhere('new-cascade', 'rewrites-table'), postgres: ['new-cascade', 'scans-table'] },
  ],
  [[maker({ onDelete: 'set-null' })], { ...everywhere('rewrites-table'), postgres: ['scans-table'] }],
  [
    [maker({ constraint: false })],
    { sqlite: ['drops-foreign-key', 'rewrites-table'], postgres: ['drops-foreign-key'], mysql: ['drops-foreign-key'] },
  ],
  [[ops.renameField('Item', 'note', 'remark')], everywhere('breaks-running-code')],
  [[ops.renameTable('Item', 'items')], everywhere('breaks-running-code')],
  [[ops.sql('DROP TABLE item', [])], everywhere('raw-drop')],
  [[ops.sql('UPDATE item SET amount = 1', [])], everywhere()],
  [
    [ops.createEntity('New', { table: 'fresh', fields: { id: ops.id() } }), ops.addIndex('New', { fields: ['id'] })],
    everywhere(),
  ],
];

/** Everything that is done without keeping others waiting. */
const ONLINE = [
  "ops.online(ops.addIndex('Item', { fields: ['name'], name: 'item_by_name' }))",
  "ops.online(ops.addUnique('Item', { fields: ['name', 'amount'], name: 'item_once' }))",
  "ops.online(ops.addCheck('Item', { name: 'item_amount', expression: 'amount >= 0' }))",
  "ops.online(ops.addField('Item', 'maker', ops.manyToOne('Maker', { columns: { makerId: 'id' }, nullable: true })))",
  "ops.online(ops.alterField('Item', 'note', ops.text(), { fill: { sql: \"'n' || id\" } }))",
  "ops.online(ops.addField('Item', 'twice', ops.integer(), { fill: { sql: 'amount * 2' } }))",
  "ops.online(ops.removeIndex('Item', { fields: ['name'], name: 'item_by_name' }))",
];

describe('migrations that destroy or block', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, made.folder), text);
      return made;
    };
    const insert = (app: OrmTestApp) =>
      app.db.query("INSERT INTO item (name, note, amount) VALUES ('a', NULL, 1), ('b', 'x', 2), ('c', NULL, 3)");

    it('are told of by rules for each database, without asking it', async () => {
      const made = project({ '0001_initial.ts': WITH_PART });
      await made.with([], async (app) => {
        for (const [operations, expected] of CASES) {
          const migration = { app: 'shop', name: '0002_change', dependencies: [], operations };
          const [lint] = await app.get(MigrationLinter).ofNew([migration]);
          const title = operations[0]!.title;
          expect([title, lint!.findings.map(({ rule }) => rule)]).toEqual([title, expected[suite.dialect]]);
          for (const { message, advice } of lint!.findings) expect(message && advice).toBeTruthy();
        }
      });
    });

    it('are told of when they are written, each with the safe way', async () => {
      const item = (...fields: readonly string[]) => {
        @Entity()
        class Item {
          @PrimaryGeneratedColumn() id: number;
        }
        for (const field of fields) Column({ type: 'text', nullable: true })(Item.prototype, field);
        return Item;
      };
      const made = new EvolvingProject(suite.url);
      await made.evolve([item('note')]);
      await made.with([item()], async (app) => {
        const { errors, text } = await made.make(app);
        expect(text).toContain('Remove field note from Item');
        expect(errors.join('\n')).toMatch(
          /^shop 0002_remove_item_note, Remove field note from Item: the values of "item"."note" are dropped \[drops-column\]\n {2}→ First release code/,
        );
      });
    });

    it('stop while rows or values would be lost, unless the file says why, or with --force', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_note.ts': file("ops.removeField('Item', 'note')"),
        '0003_maker.ts': file("ops.dropEntity('Maker')"),
        '0004_item.ts': file("ops.reviewed(ops.dropEntity('Item'), 'moved to another program')"),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await insert(app);
        const refused = made.migrate(app, undefined, { force: false });
        await expect(refused).rejects.toMatchObject({
          code: 'orm.migration_loss',
          message: expect.stringMatching(
            /^1 value\(s\) of "item"."note" would be lost; say in the file why .* ops.reviewed/,
          ),
        });
        expect(await app.db.query('SELECT note FROM item')).toHaveLength(3);
        await made.migrate(app, '0002', { force: true });
        await made.migrate(app, undefined, { force: false });
        expect(await made.show(app)).toContain('[X] 0004_item');
        await made.migrate(app, '0001', { force: false });
        await insert(app);
        await expect(made.migrate(app, 'zero', { force: false })).rejects.toThrow(
          '3 row(s) of "item" would be lost; to go back nevertheless, run migrate with --force',
        );
        await made.migrate(app, 'zero');
        await expect(app.db.query('SELECT * FROM item')).rejects.toThrow();
      });
    });

    it('may be given a reason after they were applied', async () => {
      const made = project({ '0001_initial.ts': INITIAL, '0002_note.ts': file("ops.removeField('Item', 'note')") });
      await made.with([], (app) => made.migrate(app));
      const reviewed = project({
        '0001_initial.ts': INITIAL,
        '0002_note.ts': file("ops.reviewed(ops.removeField('Item', 'note'), 'nobody reads it')"),
      });
      await reviewed.with([], async (app) => {
        expect(await reviewed.show(app)).toBe('shop\n [X] 0001_initial\n [X] 0002_note');
      });
    });

    it('go back without being asked while nothing but defaults is lost', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_fields.ts': file(
          "ops.addField('Item', 'size', ops.integer({ default: 7 })), ops.addField('Item', 'color', ops.text({ nullable: true }))",
        ),
      });
      await made.with([], async (app) => {
        await made.migrate(app);
        await insert(app);
        await made.migrate(app, '0001', { force: false });
        await made.migrate(app);
        await app.db.query('UPDATE item SET size = 8 WHERE amount = 1');
        await expect(made.migrate(app, '0001', { force: false })).rejects.toThrow('1 value(s) of "item"."size"');
      });
    });

    it('are a warning of the checks when they are pending', async () => {
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_note.ts': file("ops.removeField('Item', 'note'), ops.addIndex('Item', { fields: ['name'] })"),
      });
      const app = await openOrm({
        database: suite.url,
        entities: [],
        synchronize: false,
        app: { migrations: made.folder },
        imports: [CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4)))],
      });
      const findings = async () =>
        (await app.get(CheckRunner).run()).findings.filter(({ id }) => id === 'orm.W024').map(({ message }) => message);
      await made.migrate(app, '0001');
      expect(await findings()).toEqual([]);
      await insert(app);
      expect(await findings()).toEqual([
        'shop.0002_note, "Remove field note from Item": the values of "item"."note" are dropped',
      ]);
      await app.close();
    });

    it('can be done online, forth and back', async () => {
      const onMysql = (text: string) => text.replace("'n' || id", "CONCAT('n', id)");
      const made = project({
        '0001_initial.ts': INITIAL,
        '0002_online.ts': file(ONLINE.map((text) => (suite.dialect === 'mysql' ? onMysql(text) : text)).join(', ')),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0001');
        await insert(app);
        const plan = (await made.migrate(app, undefined, { plan: true })).text;
        if (suite.dialect === 'postgres') {
          expect(plan).toMatch(/CREATE INDEX CONCURRENTLY "item_by_name"/);
          expect(plan).toMatch(/UNIQUE USING INDEX "item_once"/);
          expect(plan).toMatch(/NOT VALID;[^]*VALIDATE CONSTRAINT "item_amount"/);
        }
        await made.migrate(app);
        expect(await app.db.query('SELECT name, note, twice FROM item ORDER BY id')).toEqual([
          { name: 'a', note: 'n1', twice: 2 },
          { name: 'b', note: 'x', twice: 4 },
          { name: 'c', note: 'n3', twice: 6 },
        ]);
        await expect(app.db.query('UPDATE item SET amount = -1')).rejects.toThrow();
        await made.migrate(app, '0001');
        await app.db.query('UPDATE item SET amount = -1');
        await app.db.query('UPDATE item SET note = NULL');
        await made.migrate(app, 'zero');
      });
    });

    if (suite.dialect === 'postgres') {
      it('build an index again that was left behind half-made', async () => {
        const made = project({
          '0001_initial.ts': INITIAL,
          '0002_unique.ts': file("ops.online(ops.addUnique('Item', { fields: ['amount'], name: 'amount_once' }))"),
        });
        await made.with([], async (app) => {
          await made.migrate(app, '0001');
          await insert(app);
          await app.db.query('UPDATE item SET amount = 5');
          await expect(made.migrate(app)).rejects.toMatchObject({ code: 'orm.migration_failed' });
          const valid = 'SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass($1)';
          expect(await app.db.query(valid, ['amount_once'])).toEqual([{ valid: false }]);
          await app.db.query('UPDATE item SET amount = id');
          await made.migrate(app);
          expect(await app.db.query(valid, ['amount_once'])).toEqual([{ valid: true }]);
          await expect(app.db.query('UPDATE item SET amount = 1')).rejects.toThrow(/amount_once/);
        });
      });
    }
  });
});
