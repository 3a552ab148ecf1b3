import { describe, expect, it } from 'vitest';

import { SettingsProblems, type AnyClass, type Finding } from '#core';
import { type EntityDescription, type FieldDescription, type RelationDescription } from '#orm';

import { resolveAdmin } from '../admin.options.js';
import { type AdminDescriptor } from './admin-descriptor.js';
import { type OpenAdminOptions } from './admin-options.js';
import { checkSearchTargets, describeAdmin } from './describe-admin.js';
import { PlainModelAdmin, type ModelAdmin } from './model-admin.js';

const nothing = (): null => null;

class Maker {
  id: number;
  name: string;
}

class Item {
  id: number;
  name: string;
  price: string;

  get loud(): string {
    return this.name.toUpperCase();
  }

  margin(): number {
    return Number(this.price) / 2;
  }
}

const base = { production: false, root: new URL('file:///app/') };
const config = resolveAdmin(undefined, new SettingsProblems(), base);

function field(path: string, more: Partial<FieldDescription> = {}): FieldDescription {
  return {
    path,
    column: path,
    kind: 'string',
    label: path,
    help: '',
    nullable: false,
    blank: false,
    default: undefined,
    primary: false,
    generated: false,
    unique: false,
    editable: true,
    sensitive: false,
    selected: true,
    validators: [],
    comment: '',
    transformed: false,
    ...more,
  };
}

function relation(path: string, more: Partial<RelationDescription> = {}): RelationDescription {
  return {
    path,
    kind: 'many-to-one',
    owning: true,
    target: Maker,
    nullable: true,
    onDelete: 'cascade',
    columns: [],
    primary: false,
    unique: false,
    blank: true,
    label: path,
    help: '',
    editable: true,
    validators: [],
    ...more,
  };
}

function entity(
  target: AnyClass,
  fields: FieldDescription[],
  relations: RelationDescription[] = [],
): EntityDescription {
  return {
    target,
    name: target.name,
    app: 'shop',
    key: `shop.${target.name.toLowerCase()}`,
    database: 'default',
    table: target.name,
    label: target.name,
    labelPlural: `${target.name}s`,
    fields,
    relations,
    primaryKey: ['id'],
    uniques: [],
    indexes: [],
    checks: [],
    ordering: [],
    latestBy: null,
    display: null,
    managed: true,
    audited: false,
    permissions: {},
    comment: '',
    field: (path: string) => fields.find((one) => one.path === path),
    relation: (path: string) => relations.find((one) => one.path === path),
    text: (row: object) => String((row as Item).name),
    keyOf: (row: object) => String((row as Item).id),
  } as unknown as EntityDescription;
}

const id = field('id', { kind: 'integer', primary: true, generated: 'increment' });
const maker = entity(Maker, [id, field('name')]);
const item = entity(
  Item,
  [
    id,
    field('name'),
    field('slug'),
    field('price', { kind: 'decimal', scale: 2 }),
    field('active', { kind: 'boolean' }),
    field('made', { kind: 'datetime', nullable: true }),
    field('state', { choices: [{ value: 'a', label: 'A' }] }),
    field('secret', { sensitive: true }),
    field('meta', { kind: 'json' }),
    field('hash', { selected: false, sensitive: true, editable: false, nullable: true }),
    field('story', { selected: false, editable: false, nullable: true }),
  ],
  [relation('maker'), relation('tags', { kind: 'many-to-many' })],
);
const describeEntity = (target: AnyClass) => [maker, item].find((one) => one.target === target);

function run(
  options: object,
  more: { declarations?: number; admin?: ModelAdmin; entity?: EntityDescription } = {},
): { descriptor: AdminDescriptor; findings: Finding[] } {
  const findings: Finding[] = [];
  const declaration = {
    entity: Item,
    app: { name: 'shop', label: 'Shop' },
    path: 'shop/item/',
    options: options as OpenAdminOptions,
    admin: null,
    declarations: more.declarations ?? 1,
  };
  const descriptor = describeAdmin(
    {
      declaration,
      entity: more.entity ?? item,
      admin: more.admin ?? new PlainModelAdmin(),
      describe: describeEntity,
      config,
    },
    findings,
  );
  return { descriptor, findings };
}

describe('the description of an admin', () => {
  it('has the text form as its only column where nothing is said', () => {
    const { descriptor, findings } = run({});
    expect(findings).toEqual([]);
    expect(descriptor.columns.map(({ name, link }) => [name, link])).toEqual([['toString', true]]);
    expect(descriptor.path).toBe('/admin/shop/item/');
    expect(descriptor.ordering).toEqual([{ path: 'id', descending: true }]);
    expect(Object.isFrozen(descriptor)).toBe(true);
  });

  it('reads columns, joins what they need and sorts relations by their text', () => {
    const { descriptor } = run({
      list: ['name', 'maker', 'maker.name', 'loud', 'margin', { label: 'Two', value: () => 2 }],
    });
    const row = Object.assign(new Item(), { id: 1, name: 'saw', price: '8', maker: { id: 3, name: 'Acme' } });
    expect(descriptor.columns.map(({ read }) => read(row))).toEqual([
      'saw',
      { id: 3, name: 'Acme' },
      'Acme',
      'SAW',
      4,
      2,
    ]);
    expect(descriptor.columns.map(({ label }) => label)).toEqual([
      'Name',
      'Maker',
      'Maker name',
      'Loud',
      'Margin',
      'Two',
    ]);
    expect(descriptor.joins).toEqual(['maker']);
    expect(descriptor.columns[1]!.ordering).toEqual([{ path: 'maker.name', descending: false }]);
    expect(descriptor.columns.map(({ sortable }) => sortable)).toEqual([true, true, true, false, false, false]);
  });

  it('reads nothing through a missing relation', () => {
    const { descriptor } = run({ list: ['maker.name'] });
    expect(descriptor.columns[0]!.read({ maker: null })).toBeUndefined();
  });

  it('ends every order with the primary key in the direction of the last term', () => {
    expect(run({ ordering: ['-price', 'name'] }).descriptor.ordering.at(-1)).toEqual({ path: 'id', descending: false });
    expect(run({ ordering: ['-price'] }).descriptor.ordering.at(-1)).toEqual({ path: 'id', descending: true });
    expect(run({ ordering: ['id'] }).descriptor.ordering).toHaveLength(1);
  });

  it('takes the kind of a filter from its field', () => {
    const { descriptor } = run({
      filters: ['maker', 'active', 'state', 'made', 'name', { path: 'made', kind: 'empty' }],
    });
    expect(descriptor.filters.map(({ name, kind }) => [name, kind])).toEqual([
      ['maker', 'relation'],
      ['active', 'boolean'],
      ['state', 'choices'],
      ['made', 'date'],
      ['name', 'values'],
      ['made__empty', 'empty'],
    ]);
  });

  it('puts every editable field on the form, and what is only shown behind them', () => {
    const { descriptor } = run({ readOnly: ['price', 'margin'] });
    expect(descriptor.form.editable).toEqual([
      'name',
      'slug',
      'active',
      'made',
      'state',
      'secret',
      'meta',
      'maker',
      'tags',
    ]);
    expect(descriptor.form.readOnly).toEqual(['price', 'margin']);
  });

  it('has the methods of the admin class before those of the entity', () => {
    class ItemAdmin extends PlainModelAdmin {
      margin(): string {
        return 'from the class';
      }
    }
    const { descriptor } = run({ list: ['margin'] }, { admin: new ItemAdmin() });
    expect(descriptor.columns[0]!.read(new Item())).toBe('from the class');
  });
});

describe('the checks of an admin', () => {
  it.each([
    ['admin.E005', { serach: ['name'] }, 'Did you mean "search"?'],
    ['admin.E006', { perPage: 501 }, '1 to 500'],
    ['admin.E006', { deleteSample: 1.5 }, '1 to 1000'],
    ['admin.E010', { list: ['naem'] }, 'Did you mean "name"?'],
    ['admin.E010', { list: ['maker.naem'] }, 'Did you mean "name"?'],
    ['admin.E011', { list: ['tags'] }, 'method'],
    ['admin.E011', { list: ['tags.name'] }, 'method'],
    ['admin.E012', { list: ['secret'] }, 'Remove it'],
    ['admin.E012', { list: ['hash'] }, 'Remove it'],
    ['admin.E012', { readOnly: ['hash'] }, 'Remove it'],
    ['admin.E013', { list: [{ label: 'Two' }] }, 'value'],
    ['admin.E014', { list: [{ label: 'Two', value: () => 2, ordering: 'prise' }] }, 'Did you mean "price"?'],
    ['admin.E015', { list: ['name', 'name'] }, 'Remove one'],
    ['admin.E016', { list: ['name'], listLinks: ['nmae'] }, 'Did you mean "name"?'],
    ['admin.E016', { list: ['name'], sortable: ['price'] }, 'Known names are name'],
    ['admin.E017', { joins: ['tags'] }, 'maker'],
    ['admin.E018', { ordering: ['-prise'] }, 'Did you mean "price"?'],
    ['admin.E018', { ordering: ['tags.name'] }, ''],
    ['admin.E019', { list: ['story'] }, 'method'],
    ['admin.E021', { filters: ['aktive'] }, 'Did you mean "active"?'],
    ['admin.E022', { filters: [{ path: 'name', kind: 'boolean' }] }, 'another kind'],
    ['admin.E022', { filters: ['meta'] }, 'another kind'],
    ['admin.E022', { filters: ['secret'] }, 'another kind'],
    ['admin.E023', { filters: ['name', 'name'] }, 'a name of its own'],
    ['admin.E023', { filters: [{ name: 'q', label: 'Q', choices: () => [], apply: nothing }] }, 'a name of its own'],
    ['admin.E024', { filters: [{ name: 'a b', label: 'Q', apply: nothing }] }, 'choices'],
    ['admin.E025', { search: ['nmae'] }, 'Did you mean "name"?'],
    ['admin.E025', { search: ['maker'] }, '"maker.name"'],
    ['admin.E026', { search: ['price'] }, '"=price"'],
    ['admin.E026', { search: ['secret'] }, 'Remove it'],
    ['admin.E031', { actions: [{ name: 'delete_selected', run: () => undefined }] }, 'once'],
    ['admin.E041', { fields: ['name'], fieldsets: [{ fields: ['name'] }] }, 'Keep fieldsets'],
    ['admin.E042', { fieldsets: [{ fields: ['name'], collapsed: true }] }, 'title'],
    ['admin.E043', { exclude: ['nmae'] }, 'Did you mean "name"?'],
    ['admin.E044', { fields: ['nmae'] }, 'Did you mean "name"?'],
    ['admin.E045', { fields: ['id'] }, 'readOnly'],
    ['admin.E045', { fields: ['hash'] }, '@Field({ editable: true })'],
    ['admin.E046', { fields: ['name', 'name'] }, 'Remove one'],
    ['admin.E047', { prepopulated: { price: ['name'] } }, 'text fields'],
    ['admin.E047', { prepopulated: { slug: ['maker'] } }, 'text fields'],
    ['admin.E048', { controls: { name: 'search' } }, 'relations'],
    ['admin.E048', { controls: { tags: 'radio' } }, 'relations'],
  ])('%s reports %j', (expected, options, hint) => {
    const { findings } = run(options);
    expect(findings.map(({ id: found }) => found)).toEqual([expected]);
    expect(findings[0]!.at).toMatch(/^Item/);
    expect(findings[0]!.hint).toContain(hint);
  });

  it('admin.E003 reports two declarations', () => {
    expect(run({}, { declarations: 2 }).findings.map(({ id: found }) => found)).toEqual(['admin.E003']);
  });

  it('report every mistake at once and leave the rest usable', () => {
    const { descriptor, findings } = run({
      list: ['name', 'x'],
      search: ['y'],
      filters: ['z'],
      ordering: ['w'],
      fields: ['v', 'name'],
    });
    expect(findings).toHaveLength(5);
    expect(descriptor.columns.map(({ name }) => name)).toEqual(['name']);
    expect(descriptor.form.editable).toEqual(['name']);
  });

  it('warn about values that nobody can give to a new row', () => {
    const hash = (more: Partial<FieldDescription> = {}) =>
      entity(Item, [id, field('name'), field('hash', { selected: false, sensitive: true, editable: false, ...more })]);
    const found = (description: EntityDescription, admin?: ModelAdmin) =>
      run({}, { entity: description, ...(admin && { admin }) }).findings.map(({ id: check, at }) => `${check} ${at}`);
    expect(found(hash())).toEqual(['admin.W002 Item admin.fields']);
    for (const more of [{ nullable: true }, { default: '' }, { editable: true }, { generated: 'uuid' as const }])
      expect(found(hash(more))).toEqual([]);
    class Hashing extends PlainModelAdmin {
      override beforeSave(row: object): void {
        Object.assign(row, { hash: 'x' });
      }
    }
    expect(found(hash(), new Hashing())).toEqual([]);
  });

  it('warn about relations that cannot be searched, and refuse a control that says they are', () => {
    const findings: Finding[] = [];
    checkSearchTargets([run({ fields: ['maker'] }).descriptor], findings);
    checkSearchTargets([run({ fields: ['maker'], controls: { maker: 'search' } }).descriptor], findings);
    checkSearchTargets([run({ fields: ['maker'], controls: { maker: 'select' } }).descriptor], findings);
    expect(findings.map(({ id: found }) => found)).toEqual(['admin.W001', 'admin.E049']);
  });
});

describe('the settings of the admin', () => {
  it('have defaults', () => {
    expect(config).toMatchObject({
      path: '/admin/',
      header: 'Administration',
      empty: '–',
      timeZone: 'UTC',
      countLimit: 10_000,
      perPage: 100,
    });
  });

  it('report every problem', () => {
    const problems = new SettingsProblems();
    resolveAdmin({ path: 'admin', timeZone: 'Mars/Base', locale: '!', perPage: 0, countLimit: 5 }, problems, base);
    expect(problems.all.map(({ path }) => path)).toEqual([
      'settings.admin.path',
      'settings.admin.timeZone',
      'settings.admin.locale',
      'settings.admin.countLimit',
      'settings.admin.perPage',
    ]);
  });
});
