/** One migration of the evolution: operations as a file writes them. */
export interface EvolutionStep {
  readonly app: 'shop' | 'crm' | 'catalog';
  readonly operations: string;
  /** Columns (`table.column`) or tables whose values going back over this step cannot bring back. */
  readonly loses?: readonly string[];
  /** Those that going back over this step brings back, or takes away altogether. */
  readonly restores?: readonly string[];
}

const step = (
  app: EvolutionStep['app'],
  operations: string,
  rest: Pick<EvolutionStep, 'loses' | 'restores'> = {},
): EvolutionStep => ({ app, operations, ...rest });

/** Code that fills a table; going back drops it with its rows. */
const rows = (entity: string, list: string): string =>
  `ops.code(async (db, { entities }) => { await entities.get('${entity}').insert(${list}); }, async () => {})`;

/** Code both ways. */
const work = (forward: string, backward: string): string =>
  `ops.code(async (db, { entities }) => { ${forward} }, async (db, { entities }) => { ${backward} })`;

const CUSTOMERS = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];

/** How a shop grows: tables, columns of all kinds, keys, links, splits and moves, with rows in every table. */
export const EVOLUTION: readonly EvolutionStep[] = [
  step(
    'shop',
    `ops.createEntity('Maker', { table: 'maker', fields: { id: ops.id(), name: ops.string({ length: 40 }) } }),
    ops.createEntity('Item', { table: 'item', fields: {
      id: ops.id(),
      name: ops.string({ length: 40 }),
      price: ops.decimal({ precision: 9, scale: 2 }),
      maker: ops.manyToOne('Maker', { columns: { makerId: 'id' }, nullable: true, onDelete: 'protect' }),
    } }),
    ${rows('Maker', "[{ name: 'Ann' }, { name: \"O'Neil\" }]")},
    ${rows('Item', "[{ name: 'cup', price: '1.50', maker: 1 }, { name: 'bowl', price: '20.00', maker: 2 }, { name: 'ünïcode', price: '0.01', maker: null }]")}`,
  ),
  step(
    'shop',
    `ops.createEntity('Tag', { table: 'tag', fields: { name: ops.string({ length: 20, primary: true }) } }),
    ops.addField('Item', 'tags', ops.manyToMany('Tag', { table: 'item_tags', from: { itemId: 'id' }, to: { tagName: 'name' } })),
    ${rows('Tag', "[{ name: 'red' }, { name: 'old' }]")},
    ops.code(async (db, { entities }) => {
      await entities.pairs('Item', 'tags').insert([{ itemId: 1, tagName: 'red' }, { itemId: 1, tagName: 'old' }, { itemId: 2, tagName: 'red' }]);
    }, async () => {})`,
  ),
  step(
    'crm',
    `ops.createEntity('Customer', { table: 'customer', fields: {
      id: ops.uuid({ primary: true, generated: 'uuid' }),
      name: ops.string({ length: 40 }),
      email: ops.string({ length: 80 }),
    }, uniques: [{ fields: ['email'] }] }),
    ${rows('Customer', `[{ id: '${CUSTOMERS[0]}', name: 'Zoe', email: 'zoe@x.org' }, { id: '${CUSTOMERS[1]}', name: 'Yan', email: 'yan@x.org' }]`)}`,
  ),
  step(
    'shop',
    `ops.createEntity('Order', { table: 'orders', fields: {
      id: ops.id({ kind: 'bigint' }),
      customer: ops.manyToOne('crm.Customer', { columns: { customerId: 'id' }, onDelete: 'cascade' }),
      placed: ops.datetime(),
    } }),
    ${rows('Order', `[{ customer: '${CUSTOMERS[0]}', placed: new Date('2026-01-02T03:04:05.678Z') }, { customer: '${CUSTOMERS[1]}', placed: new Date('2026-05-06T07:08:09Z') }]`)}`,
  ),
  step(
    'shop',
    `ops.createEntity('Line', { table: 'line', fields: {
      order: ops.manyToOne('Order', { columns: { orderId: 'id' }, primary: true, onDelete: 'cascade' }),
      item: ops.manyToOne('Item', { columns: { itemId: 'id' }, primary: true }),
      amount: ops.integer(),
    } }),
    ${rows('Line', "[{ order: '1', item: 1, amount: 2 }, { order: '1', item: 2, amount: 1 }, { order: '2', item: 3, amount: 7 }]")}`,
  ),
  step('shop', "ops.addField('Item', 'amount', ops.integer({ default: 5 }))"),
  step(
    'shop',
    "ops.addField('Item', 'sku', ops.string({ length: 30 }), { fill: { sql: { sqlite: \"'s' || id\", postgres: \"'s' || id\", mysql: \"CONCAT('s', id)\" } } })",
  ),
  step('shop', "ops.alterField('Item', 'name', ops.string({ length: 200 }))"),
  step('shop', "ops.alterField('Item', 'name', ops.text())"),
  step('shop', "ops.renameField('Item', 'name', 'title')"),
  step('shop', "ops.addUnique('Item', { fields: ['sku'] })"),
  step('shop', "ops.online(ops.addIndex('Item', { fields: ['sku', 'amount'], name: 'item_sku_amount' }))"),
  step('shop', "ops.addCheck('Item', { name: 'item_amount', expression: 'amount >= 0' })"),
  step('shop', "ops.alterField('Item', 'amount', ops.bigint({ default: 5 }))"),
  step('shop', "ops.alterField('Item', 'price', ops.decimal({ precision: 12, scale: 4 }))"),
  step('shop', "ops.alterField('Item', 'price', ops.decimal({ precision: 12, scale: 4, nullable: true }))"),
  step(
    'shop',
    work(
      "await entities.get('Item').updateWhere({ id: 2 }, { price: null });",
      "await entities.get('Item').updateWhere({ id: 2 }, { price: '20.0000' });",
    ),
    { restores: ['item.price'] },
  ),
  step('shop', "ops.alterField('Item', 'price', ops.decimal({ precision: 12, scale: 4 }), { fill: '9.5' })", {
    loses: ['item.price'],
  }),
  step('crm', "ops.alterField('Customer', 'email', ops.string({ length: 80, nullable: true }))"),
  step(
    'crm',
    `ops.data('Customer', {
      batch: 1,
      forward: async (rows, { entities }) => entities.get('Customer').update(rows.map(({ id, email }) => ({ id, email: 'x-' + email }))),
      backward: async (rows, { entities }) => entities.get('Customer').update(rows.map(({ id, email }) => ({ id, email: email.slice(2) }))),
    })`,
  ),
  step('shop', "ops.renameEntity('Maker', 'Brand', { table: 'brand' })"),
  step('shop', "ops.renameTable('Tag', 'label')"),
  step('shop', "ops.linkEntity('Item', 'tags', 'ItemTag', { from: 'item', to: 'tag' })"),
  step('shop', "ops.addField('ItemTag', 'position', ops.integer({ default: 1 }))"),
  step(
    'shop',
    `ops.data('ItemTag', {
      forward: async (rows, { entities }) => entities.get('ItemTag').update(rows.map((row, index) => ({ ...row, position: index + 1 }))),
      backward: async (rows, { entities }) => entities.get('ItemTag').update(rows.map((row) => ({ ...row, position: 1 }))),
    })`,
  ),
  step(
    'shop',
    `ops.changeKey('ItemTag', { fields: {
      id: ops.id(),
      item: ops.manyToOne('Item', { columns: { itemId: 'id' }, onDelete: 'cascade' }),
      tag: ops.manyToOne('Tag', { columns: { tagName: 'name' }, onDelete: 'cascade' }),
    } })`,
  ),
  step('shop', "ops.addUnique('ItemTag', { fields: ['item', 'tag'] })"),
  step('shop', "ops.renameTable('ItemTag', 'item_tag')"),
  step(
    'crm',
    `ops.addField('Customer', 'bio', ops.text({ nullable: true })),
    ${work("await entities.get('Customer').updateWhere({ name: 'Zoe' }, { bio: 'likes cups' });", '')}`,
    { restores: ['customer.bio'] },
  ),
  step(
    'crm',
    `ops.createEntity('Profile', { table: 'profile', fields: {
      id: ops.id(),
      customer: ops.oneToOne('Customer', { columns: { customerId: 'id' }, onDelete: 'cascade' }),
      bio: ops.text({ nullable: true }),
    } })`,
  ),
  step(
    'crm',
    `ops.data('Customer', {
      forward: async (rows, { entities }) => entities.get('Profile').insert(rows.map(({ id, bio }) => ({ customer: id, bio }))),
      backward: async (rows, { entities }) => {
        const profiles = await entities.get('Profile').rows({ where: { customer: rows.map(({ id }) => id) } });
        await entities.get('Customer').update(profiles.map(({ customer, bio }) => ({ id: customer, bio })));
        await entities.get('Profile').remove(profiles);
      },
    })`,
    { restores: ['customer.bio'] },
  ),
  step('crm', "ops.reviewed(ops.removeField('Customer', 'bio'), 'in Profile since the step before')", {
    loses: ['customer.bio'],
  }),
  step('catalog', "ops.adoptEntity('shop.Item')"),
  step('catalog', "ops.adoptEntity('shop.Brand', { table: 'catalog_brand' })"),
  step('catalog', "ops.addField('Item', 'flags', ops.json({ nullable: true }))"),
  step(
    'catalog',
    work(
      "await entities.get('Item').updateWhere({ id: [1, 3] }, { flags: { list: [1, 'two'] } });",
      "await entities.get('Item').updateWhere({ id: [1, 3] }, { flags: null });",
    ),
  ),
  step('catalog', "ops.addField('Item', 'active', ops.boolean({ default: true }))"),
  step('catalog', "ops.alterField('Item', 'active', ops.integer({ default: 1 }))"),
  step('catalog', "ops.alterField('Item', 'active', ops.boolean({ default: true }))"),
  step(
    'catalog',
    `ops.addField('Item', 'parent', ops.manyToOne('Item', { columns: { parentId: 'id' }, nullable: true })),
    ${work("await entities.get('Item').updateWhere({ id: 3 }, { parent: 1 });", '')}`,
  ),
  step(
    'catalog',
    "ops.alterField('Item', 'parent', ops.manyToOne('Item', { columns: { parentId: 'id' }, nullable: true, onDelete: 'set-null' }))",
  ),
  step('shop', "ops.alterField('Order', 'placed', ops.datetime({ precision: 6 }))"),
  step('shop', "ops.addField('Order', 'state', ops.enum({ values: ['new', 'paid'], default: 'new' }))"),
  step('shop', "ops.alterField('Order', 'state', ops.enum({ values: ['new', 'paid', 'sent'], default: 'new' }))"),
  step(
    'shop',
    work(
      "await entities.get('Order').updateWhere({ id: '2' }, { state: 'sent' });",
      "await entities.get('Order').updateWhere({ state: 'sent' }, { state: 'new' });",
    ),
  ),
  step(
    'shop',
    "ops.addField('Line', 'double', ops.integer({ generated: 'expression', expression: 'amount * 2', nullable: true }))",
  ),
  step(
    'shop',
    "ops.alterField('Line', 'double', ops.integer({ generated: 'expression', expression: 'amount * 3', nullable: true }))",
  ),
  step('shop', "ops.removeField('Line', 'double')"),
  step(
    'shop',
    `ops.changeKey('Line', { fields: {
      id: ops.id(),
      order: ops.manyToOne('Order', { columns: { orderId: 'id' }, onDelete: 'cascade' }),
      item: ops.manyToOne('catalog.Item', { columns: { itemId: 'id' } }),
    } })`,
  ),
  step('shop', "ops.addUnique('Line', { fields: ['order', 'item'] })"),
  step(
    'catalog',
    `ops.addField('Item', 'owner', ops.oneToOne('crm.Customer', { columns: { ownerId: 'id' }, nullable: true })),
    ${work(`await entities.get('Item').updateWhere({ id: 1 }, { owner: '${CUSTOMERS[0]}' });`, '')}`,
  ),
  step('catalog', "ops.alterField('Item', 'sku', ops.string({ length: 30, column: 'sku_code' }))"),
  step('catalog', "ops.renameField('Brand', 'name', 'label')"),
  step('catalog', "ops.addIndex('Item', { fields: ['active'], where: 'amount > 1' })"),
  step('catalog', "ops.online(ops.removeIndex('Item', { fields: ['sku', 'amount'], name: 'item_sku_amount' }))"),
  step('catalog', "ops.removeCheck('Item', { name: 'item_amount', expression: 'amount >= 0' })"),
  step('catalog', "ops.removeUnique('Item', { fields: ['sku'] })"),
  step('catalog', "ops.addField('Item', 'weight', ops.float({ default: 0.5 }))"),
  step('catalog', "ops.alterField('Item', 'weight', ops.decimal({ precision: 6, scale: 2, default: '0.5' }))"),
  step(
    'catalog',
    "ops.alterField('Item', 'weight', ops.decimal({ precision: 6, scale: 2, default: '0.5', comment: 'kg' }))",
  ),
  step('crm', "ops.createEntity('Report', { table: 'report_view', managed: false, fields: { id: ops.id() } })"),
  step(
    'crm',
    `ops.createEntity('Note', { table: 'note', fields: { id: ops.id(), text: ops.text() } }),
    ${rows('Note', "[{ text: 'one' }, { text: 'two' }]")}`,
    { restores: ['note'] },
  ),
  step('crm', "ops.reviewed(ops.dropEntity('Note'), 'was an experiment')", { loses: ['note'] }),
  step(
    'shop',
    "ops.online(ops.alterField('Order', 'customer', ops.manyToOne('crm.Customer', { columns: { customerId: 'id' }, onDelete: 'protect' })))",
  ),
];
