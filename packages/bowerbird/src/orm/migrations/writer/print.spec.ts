import { format } from 'prettier';
import { describe, expect, it } from 'vitest';

import { type Operation } from '../operations/operation.js';
import { ops } from '../operations/ops.js';
import { BorrowedOperation } from './borrowed-operation.js';
import { printText } from './print.js';
import { migrationSource } from './write-migration.js';

const wide = ops.createEntity('Product', {
  table: 'shop_product',
  fields: {
    id: ops.id(),
    uid: ops.uuid({ generated: 'uuid' }),
    title: ops.string({ length: 120, default: "it's" }),
    'address.city': ops.string({ column: 'addressCity' }),
    status: ops.enum({ values: ['draft', 'live'], default: 'draft' }),
    kind: ops.enum({
      values: ['one of the first', 'one of the second', 'one of the third', 'one of the fourth', 'one of the fifth'],
      nullable: true,
      comment: 'says "what" it\'s about',
    }),
    seen: ops.datetime({ default: { sql: 'CURRENT_TIMESTAMP' } }),
    data: ops.json({ default: { a: [1, 2], 'b-c': null } }),
    category: ops.manyToOne('Category', { columns: { categoryId: 'id' }, onDelete: 'protect' }),
    owner: ops.oneToOne('auth.User', { columns: { ownerId: 'id' }, nullable: true, onDelete: 'set-null' }),
    tags: ops.manyToMany('Tag', { table: 'product_tags_tag', from: { productId: 'id' }, to: { tagId: 'id' } }),
    relatedThings: ops.manyToMany('Tag', {
      table: 'a_rather_long_name_of_a_table_of_pairs',
      from: { productIdentifier: 'id' },
      to: { tagIdentifier: 'id' },
    }),
  },
  uniques: [{ fields: ['title', 'category'] }],
  indexes: [{ fields: ['status'] }, { name: 'idx_live', fields: ['status', 'seen'], where: "status = 'live'" }],
  checks: [{ name: 'CHK_title', expression: "title <> ''" }],
});

const CASES: readonly (readonly Operation[])[] = [
  [],
  [wide],
  [ops.alterField('Product', 'title', ops.string({ length: 40 }))],
  [ops.addField('Product', 'sku', ops.string({ length: 20 }), { fill: '' }), ops.renameField('Product', 'a', 'b')],
  [
    ops.addField(
      'Product',
      'category',
      ops.manyToOne('Category', { columns: { categoryId: 'id' }, onDelete: 'cascade' }),
      {
        fill: 1,
      },
    ),
  ],
  [
    ops.addField(
      'Product',
      'tags',
      ops.manyToMany('Tag', { table: 'product_tags_tag', from: { productId: 'id' }, to: { tagId: 'id' } }),
    ),
  ],
  [
    ops.dropEntity('Old'),
    ops.renameEntity('Item', 'Product', { table: 'product' }),
    ops.addUnique('Product', { fields: ['a', 'b'] }),
  ],
  [
    ops.addCheck('Product', { expression: 'stock >= 0' }),
    ops.setManaged('Product', false),
    ops.sql(['UPDATE a SET b = 1'], []),
  ],
  [ops.createEntity('Tag', { table: 'tag', fields: { id: ops.id(), name: ops.string() } })],
  [
    ops.addIndex('Product', {
      name: 'a_long_name_of_an_index_on_products',
      fields: ['title', 'category', 'status', 'seen', 'owner', 'address.city'],
    }),
  ],
];

const PRETTIER = { parser: 'typescript', printWidth: 120, singleQuote: true, trailingComma: 'all' } as const;

describe('a migration file', () => {
  it.each(CASES.map((operations, index) => [index, operations] as const))(
    'is formatted as prettier does (%i)',
    async (_index, operations) => {
      const dependencies = operations.length > 1 ? ([['auth', '0001_initial']] as const) : [];
      const source = migrationSource({ app: 'shop', name: '0001_initial', dependencies, operations }, 'bowerbird/orm');
      expect(source).toBe(await format(source, PRETTIER));
    },
  );

  it('is formatted as prettier does when it stands for others and takes their code', async () => {
    const moved = ops.code(async () => undefined);
    const migration = {
      app: 'shop',
      name: '0001_squashed_0003_rows',
      dependencies: [
        ['auth', '0001_initial'],
        ['blog', '0002_post_title'],
      ] as const,
      operations: [
        ops.createEntity('Tag', {
          table: 'tag',
          fields: { id: ops.id() },
          uniques: [
            { name: 'a', fields: ['x'] },
            { name: 'b', fields: ['y'] },
          ],
        }),
        new BorrowedOperation(moved, 'from0003', 0),
      ],
    };
    const source = migrationSource(migration, 'bowerbird/orm', {
      replaces: [
        '0001_initial',
        '0002_a_rather_long_name_of_a_migration',
        '0003_another_long_name',
        '0004_and_one_more_of_these',
      ],
      imports: [{ name: 'from0003', file: '0003_rows' }],
    });
    expect(source).toBe(await format(source, PRETTIER));
  });

  it('quotes text with as few escapes as it can', () => {
    expect(['plain', "it's", 'say "x"', `it's "x"`, 'a\\b\n'].map(printText)).toEqual([
      "'plain'",
      `"it's"`,
      `'say "x"'`,
      `'it\\'s "x"'`,
      "'a\\\\b\\n'",
    ]);
  });
});
