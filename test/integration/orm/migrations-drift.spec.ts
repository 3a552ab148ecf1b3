import { writeFileSync } from 'node:fs';

import { CheckRunner, CoreModule, SecretKeys } from 'bowerbird/core';
import { CheckDriftCommand, type Dialect } from 'bowerbird/orm';
import { afterEach, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { EvolvingProject, RecordedIo, wipe } from './migrations.support.js';

const file = (operations: string): string =>
  `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ operations: [${operations}] });\n`;

/** Something of everything, with texts that each database writes in its own way. */
const SHOP = file(`
  ops.createEntity('Maker', { table: 'maker', fields: { id: ops.id(), name: ops.string({ length: 40 }) } }),
  ops.createEntity('Item', {
    table: 'item',
    fields: {
      id: ops.id({ kind: 'bigint' }),
      name: ops.string({ length: 120, default: "it's" }),
      price: ops.decimal({ precision: 9, scale: 2, default: '1.50' }),
      amount: ops.integer({ default: 3, comment: 'pieces' }),
      twice: ops.integer({ generated: 'expression', expression: 'amount * 2', nullable: true }),
      live: ops.boolean({ default: true }),
      state: ops.enum({ values: ['new', "o'ld"], default: 'new' }),
      madeAt: ops.datetime({ default: { sql: 'now()' } }),
      since: ops.datetime({ default: '2026-01-02T03:04:05Z' }),
      day: ops.date({ default: '2026-01-02' }),
      data: ops.json({ default: { a: [1] } }),
      token: ops.uuid({ nullable: true }),
      created: ops.datetime({ generated: 'created' }),
      file: ops.binary({ nullable: true }),
      weight: ops.float({ default: 0.5 }),
      maker: ops.manyToOne('Maker', { columns: { makerId: 'id' }, onDelete: 'protect', nullable: true }),
      twin: ops.oneToOne('Item', { columns: { twinId: 'id' }, onDelete: 'set-null', nullable: true }),
      likes: ops.manyToMany('Maker', { table: 'likes', from: { itemId: 'id' }, to: { makerId: 'id' } }),
    },
    uniques: [{ fields: ['name', 'maker'] }],
    indexes: [{ fields: ['price'] }, { fields: ['day'], where: "amount > 1 AND name <> ''" }],
    checks: [{ name: 'price_positive', expression: "price > 0 AND (amount < 100 OR name LIKE 'a%')" }],
  }),
`);

type Changes = Readonly<Record<Dialect, readonly string[]>>;

/** What somebody does by hand. */
const BY_HAND: Changes = {
  sqlite: [
    'ALTER TABLE maker ADD COLUMN extra text',
    'ALTER TABLE maker RENAME COLUMN name TO title',
    'CREATE INDEX by_hand ON item (amount)',
    'DROP TABLE likes',
  ],
  postgres: [
    'ALTER TABLE maker ADD COLUMN extra text',
    'ALTER TABLE maker RENAME COLUMN name TO title',
    'CREATE INDEX by_hand ON item (amount)',
    'DROP TABLE likes',
    'ALTER TABLE item ALTER COLUMN name TYPE varchar(10)',
    'ALTER TABLE item ALTER COLUMN amount DROP NOT NULL',
    'ALTER TABLE item ALTER COLUMN amount SET DEFAULT 4',
    'ALTER TABLE item DROP CONSTRAINT price_positive',
    'ALTER TABLE item ADD CONSTRAINT price_positive CHECK (price > 1)',
    "COMMENT ON COLUMN item.amount IS 'boxes'",
  ],
  mysql: [
    'ALTER TABLE maker ADD COLUMN extra text',
    'ALTER TABLE maker RENAME COLUMN name TO title',
    'CREATE INDEX by_hand ON item (amount)',
    'DROP TABLE likes',
    "ALTER TABLE item MODIFY COLUMN name varchar(10) NOT NULL DEFAULT 'it''s'",
    "ALTER TABLE item MODIFY COLUMN amount int NULL DEFAULT 4 COMMENT 'boxes'",
    'ALTER TABLE item DROP CONSTRAINT price_positive',
    'ALTER TABLE item ADD CONSTRAINT price_positive CHECK (price > 1)',
  ],
};

const EVERYWHERE = [
  'maker: column "name" is missing',
  'maker: column "title" is not known to the migrations',
  'maker: column "extra" is not known to the migrations',
  'item: index "by_hand" is not known to the migrations',
  'table "likes" is missing',
];

describe('the drift of a live database', () => {
  eachDatabase((suite) => {
    afterEach(() => wipe(suite.url));

    const project = (files: Readonly<Record<string, string>>): EvolvingProject => {
      const made = new EvolvingProject(suite.url);
      for (const [name, text] of Object.entries(files)) writeFileSync(new URL(name, made.folder), text);
      return made;
    };
    const drift = async (app: OrmTestApp, options: Record<string, unknown> = {}): Promise<RecordedIo> => {
      const io = new RecordedIo();
      io.lines.push(`exit ${await app.get(CheckDriftCommand).run({ args: {}, options }, io)}`);
      return io;
    };

    it('is nothing where only migrations changed it, whatever words the database has for it', async () => {
      const made = project({ '0001_initial.ts': SHOP });
      await made.with([], async (app) => {
        expect((await drift(app)).lines).toEqual(['The database is what the migrations say.', 'exit 0']);
        await made.migrate(app);
        expect((await drift(app)).lines).toEqual(['The database is what the migrations say.', 'exit 0']);
      });
    });

    it('names what is missing, unknown and different', async () => {
      const made = project({ '0001_initial.ts': SHOP });
      await made.with([], async (app) => {
        await made.migrate(app);
        for (const statement of BY_HAND[suite.dialect]) await app.db.query(statement);
        const { lines } = await drift(app);
        expect(lines).toEqual(expect.arrayContaining([...EVERYWHERE, 'exit 1']));
        if (suite.dialect === 'sqlite') return expect(lines).toHaveLength(EVERYWHERE.length + 1);
        const amount = lines.find((line) => line.startsWith('item: column "amount"'));
        expect(amount).toMatch(/it may be empty, the migrations say must have a value/);
        expect(amount).toMatch(/default is 4, the migrations say 3/);
        expect(amount).toMatch(/comment is boxes, the migrations say pieces/);
        expect(lines.find((line) => line.startsWith('item: column "name"'))).toMatch(
          /: type is (character varying|varchar)\(10\), the migrations say varchar\(120\)$/,
        );
        expect(lines.find((line) => line.startsWith('item: check "price_positive"'))).toMatch(/is \W*price\W* > \(?1/);
        return expect(lines).toHaveLength(EVERYWHERE.length + 4);
      });
    });

    it('leaves out what raw SQL of a migration has made, and migrations that are pending', async () => {
      const made = project({
        '0001_initial.ts': SHOP,
        '0002_sql.ts': file(`ops.sql('CREATE INDEX own_index ON item (amount)', 'DROP INDEX own_index')`),
        '0003_later.ts': file(`ops.addField('Maker', 'later', ops.text({ nullable: true }))`),
      });
      await made.with([], async (app) => {
        await made.migrate(app, '0002');
        expect((await drift(app)).lines.at(-1)).toBe('exit 0');
        await app.db.query('CREATE TABLE somebodys (id int)');
        expect((await drift(app, { unknownTables: true })).lines).toContain(
          'table "somebodys" is not known to the migrations',
        );
        expect((await drift(app)).lines.at(-1)).toBe('exit 0');
        expect(JSON.parse((await drift(app, { json: true })).lines[0]!)).toEqual({
          differences: [],
          unknownTables: ['somebodys'],
          unfinished: [],
        });
      });
    });

    it('is told of a table that cannot even be made as the migrations say', async () => {
      if (suite.dialect === 'mysql') return; // refuses to rename a column that a check names
      const made = project({
        '0001_initial.ts': SHOP,
        '0002_rename.ts': file("ops.renameField('Item', 'amount', 'pieces')"),
      });
      await made.with([], async (app) => {
        await made.migrate(app);
        const { lines } = await drift(app);
        expect(lines.at(-1)).toBe('exit 1');
        expect(lines.join('\n')).toMatch(/item: check .* the migrations say .*amount/);
      });
    });

    it('is a warning at boot', async () => {
      const made = project({ '0001_initial.ts': SHOP });
      const app = await openOrm({
        database: suite.url,
        entities: [],
        synchronize: false,
        app: { migrations: made.folder },
        imports: [CoreModule.forRoot(new SecretKeys('0123456789abcdef'.repeat(4)))],
      });
      const findings = async () =>
        (await app.get(CheckRunner).run()).findings.filter(({ id }) => id === 'orm.W023').map(({ message }) => message);
      await made.migrate(app);
      expect(await findings()).toEqual([]);
      await app.db.query('ALTER TABLE maker ADD COLUMN extra text');
      expect(await findings()).toEqual([
        'The database "default" is not what its migrations say: maker: column "extra" is not known to the migrations',
      ]);
      await app.close();
    });
  });
});
