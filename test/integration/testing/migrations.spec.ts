import { Module } from '@nestjs/common';
import { App, Migration, ops, type NamedMigration } from 'bowerbird/orm';
import { createTestApp, migrationHistory, type MigrationHistory, type TestApp } from 'bowerbird/testing';
import { afterEach, describe, expect, it } from 'vitest';

import { createDatabase, eachDatabase } from '../../support/databases.js';

const INITIAL: NamedMigration = [
  '0001_initial',
  new Migration({
    operations: [
      ops.createEntity('Tag', { table: 'tag', fields: { id: ops.id(), name: ops.string({ length: 20 }) } }),
      ops.createEntity('Item', {
        table: 'item',
        fields: {
          id: ops.id(),
          name: ops.string({ length: 40 }),
          note: ops.text({ nullable: true }),
          price: ops.decimal({ precision: 9, scale: 2, nullable: true }),
          tags: ops.manyToMany('Tag', { table: 'item_tags', from: { itemId: 'id' }, to: { tagId: 'id' } }),
        },
        indexes: [{ fields: ['name'] }],
      }),
    ],
  }),
];
const CHANGES: NamedMigration = [
  '0002_changes',
  new Migration({
    operations: [
      ops.renameField('Item', 'name', 'title'),
      ops.alterField('Item', 'title', ops.string({ length: 80 })),
      ops.alterField('Item', 'note', ops.text(), { fill: '' }),
      ops.addField('Item', 'size', ops.integer(), { fill: 3 }),
      ops.addUnique('Tag', { fields: ['name'] }),
    ],
  }),
];
const DATA: NamedMigration = [
  '0003_data',
  new Migration({
    operations: [
      ops.data('Item', {
        forward: async (rows, { entities }) =>
          entities.get('Item').update(rows.map(({ id, title }) => ({ id, title: `${String(title)}!` }))),
        backward: async (rows, { entities }) =>
          entities.get('Item').update(rows.map(({ id, title }) => ({ id, title: String(title).slice(0, -1) }))),
      }),
      ops.removeField('Item', 'price'),
    ],
  }),
];

describe('the migrations of an app in a test', () => {
  eachDatabase((suite) => {
    let app: TestApp;
    let drop: () => Promise<void>;
    afterEach(async () => {
      await app.close();
      await drop();
    });

    const history = async (...migrations: readonly NamedMigration[]): Promise<MigrationHistory> => {
      @App({ name: 'shop', entities: [], migrations })
      @Module({})
      class ShopModule {}
      const database = await createDatabase(suite.dialect);
      drop = () => database.drop();
      app = await createTestApp({ apps: [ShopModule] }, { database, schema: 'none', checks: false });
      return migrationHistory(app, 'shop');
    };
    const rows = {
      '0001_initial': async (entities: Parameters<Parameters<MigrationHistory['entities']>[0]>[0]) => {
        const { id: tagId } = await entities.get('Tag').create({ name: 'red' });
        const { id: itemId } = await entities.get('Item').create({ name: 'Saw', price: '12.50' });
        await entities.get('Item').insert([{ name: "it's", note: 'text', price: null }]);
        await entities.pairs('Item', 'tags').insert([{ itemId, tagId }]);
      },
    };

    it('go to any point, with rows put in at another', async () => {
      const shop = await history(INITIAL, CHANGES, DATA);
      await shop.migrate('1');
      await shop.insert('Item', [{ name: 'Saw', price: '12.50' }]);
      await shop.migrate('0003');
      expect(await shop.rows('Item')).toEqual([{ id: 1, title: 'Saw!', note: '', size: 3 }]);
      await shop.migrate('0002');
      expect(await shop.entities((entities) => entities.get('Item').count({ title: 'Saw' }))).toBe(1);
      await shop.migrate('zero');
      await expect(shop.rows('Item')).rejects.toMatchObject({ code: 'orm.migration_state' });
    });

    it('all go forth and back with the same tables, and keep the rows', async () => {
      const shop = await history(INITIAL, CHANGES, DATA);
      await shop.roundTrip({ rows });
      await shop.migrate('0003_data');
      await shop.roundTrip();
    });

    it('that leave something behind are told, with what differs', async () => {
      const careless: NamedMigration = [
        '0002_careless',
        new Migration({ operations: [ops.sql('CREATE TABLE left_over (id integer)', [])] }),
      ];
      const shop = await history(INITIAL, careless);
      await expect(shop.roundTrip()).rejects.toMatchObject({
        code: 'testing.migration_round_trip',
        message: expect.stringMatching(/^Not as before: 0002_careless taken back\n {2}\+ table left_over\n/),
      });
    });

    it('that change values for good are told, unless they are known to', async () => {
      const shout: NamedMigration = [
        '0002_shout',
        new Migration({ operations: [ops.sql('UPDATE item SET name = UPPER(name)', [])] }),
      ];
      const shop = await history(INITIAL, shout);
      await expect(shop.roundTrip({ rows })).rejects.toMatchObject({
        code: 'testing.migration_round_trip',
        message: expect.stringMatching(/- Item .*"name":"Saw".*\n.*\n {2}\+ Item .*"name":"SAW"/),
      });
      await shop.roundTrip({ rows, lossy: ['0002_shout'] });
    });

    it('that cannot be taken back are told, unless they are known to', async () => {
      const stuck: NamedMigration = ['0002_stuck', new Migration({ operations: [ops.sql('SELECT 1')] })];
      const shop = await history(INITIAL, stuck);
      await expect(shop.roundTrip()).rejects.toMatchObject({ code: 'orm.migration_irreversible' });
    });

    it('that are known to be stuck are gone over, and names are looked at', async () => {
      const stuck: NamedMigration = ['0002_stuck', new Migration({ operations: [ops.sql('SELECT 1')] })];
      const shop = await history(INITIAL, stuck);
      await shop.roundTrip({ irreversible: ['0002_stuck'] });
      await expect(shop.roundTrip({ lossy: ['0009_none'] })).rejects.toMatchObject({
        code: 'testing.migration_round_trip',
        message: 'There is no migration "0009_none"',
        hint: 'Known: 0001_initial, 0002_stuck',
      });
    });

    it('that are called stuck must be so', async () => {
      const shop = await history(INITIAL, CHANGES);
      await expect(shop.roundTrip({ irreversible: ['0002_changes'] })).rejects.toMatchObject({
        code: 'testing.migration_round_trip',
        message: '0002_changes can be taken back',
      });
    });
  });
});
