import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

import { SecretKeys, Signer, SystemClock, type Class } from 'bowerbird/core';
import {
  formClassFor,
  FormInvalidError,
  type EntityForm,
  type EntityFormInput,
  type FormClassOptions,
} from 'bowerbird/forms';
import { type UploadedFile } from 'bowerbird/http';
import { type Database } from 'bowerbird/orm';
import { SignedUrls, storageDrivers, type Disk } from 'bowerbird/storage';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, ENTITIES, Label, Place, Product, Sheet, Tag } from './forms.entities.js';

/** Declared as modules do it: when they are loaded, while nothing is described. */
class CategoryForm extends formClassFor(Category, { fields: ['name', 'open'] }) {}
class MistypedForm extends formClassFor(Category, { fields: ['nmae'] }) {}

eachDatabase((database) => {
  let app: OrmTestApp;
  let db: Database;
  let folder: string;
  let disk: Disk;
  let [fruit, closed]: Category[] = [];
  let tags: Tag[];

  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: ENTITIES });
    db = app.db;
    folder = await mkdtemp(join(tmpdir(), 'disk-'));
    disk = localDisk(folder);
  });
  afterAll(async () => {
    await app?.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    for (const entity of [Product, Label, Place, Sheet, Tag, Category]) await db.objects<object>(entity).delete();
    [fruit, closed] = await db.save([
      make(Category, { name: 'Fruit' }),
      make(Category, { name: 'Closed', open: false }),
    ]);
    tags = await db.save(['a', 'b', 'c'].map((name) => make(Tag, { name })));
  });

  function form<E extends object>(
    entity: Class<E>,
    input: EntityFormInput<E> = {},
    options: FormClassOptions = {},
  ): EntityForm<E> {
    return new (formClassFor(db.describe(entity), options))({ database: db, disk, ...input });
  }

  const product = (data: Record<string, unknown> = {}): Record<string, unknown> => ({
    name: 'Apple',
    slug: 'apple',
    price: '1.5',
    category: fruit!.id,
    'size.unit': 'cm',
    status: 'draft',
    ...data,
  });

  async function saved(data: Record<string, unknown> = {}): Promise<Product> {
    return form(Product, { data: product(data) }).save();
  }

  const reload = (row: Product): Promise<Product> =>
    db.objects(Product).filter({ id: row.id }).selectRelated('category', 'sheet').get();

  const codes = ({ errors }: EntityForm): string[] =>
    [...errors].map(([field, list]) => `${field}: ${list.map(({ code }) => code).join(',')}`);

  it('saves a value of every kind', async () => {
    const sheet = await db.save(make(Sheet, { title: 'S' }));
    const row = await saved({
      description: 'Red\r\nand <b>sweet</b>',
      ean: '9007199254740993',
      stock: '12',
      weight: '0.25',
      listed: 'true',
      organic: 'false',
      harvested: '2026-09-01',
      opens: '09:30',
      soldAt: '2026-09-01T10:11:12.345',
      status: 'live',
      extra: '{"a": [1]}',
      token: '6BA7B8109DAD11D180B400C04FD430C8',
      contact: 'a@b.de',
      code: 'ABC',
      'size.width': '7',
      sheet: sheet.id,
      tags: [tags[0]!.id, tags[2]!.id],
    });
    const read = await reload(row);
    expect(read).toMatchObject({
      name: 'Apple',
      description: 'Red\nand <b>sweet</b>',
      price: '1.50',
      ean: '9007199254740993',
      stock: 12,
      weight: 0.25,
      listed: true,
      organic: false,
      harvested: '2026-09-01',
      opens: '09:30:00',
      soldAt: new Date('2026-09-01T10:11:12.345Z'),
      status: 'live',
      extra: { a: [1] },
      token: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
      owner: 'nobody',
      size: { width: 7, unit: 'cm' },
      category: { id: fruit!.id },
      sheet: { id: sheet.id },
    });
    expect(new Set(await db.related(read, 'tags').keys())).toEqual(new Set([tags[0]!.id, tags[2]!.id]));
  });

  it('has not changed when it comes back as it was shown', async () => {
    const row = await saved({
      ean: '5',
      stock: '1',
      harvested: '2026-09-01',
      opens: '09:30',
      soldAt: '2026-09-01T10:11',
      extra: '{"b":1,"a":2}',
      organic: 'true',
      listed: 'on',
      contact: 'a@b.de',
      tags: [tags[1]!.id],
      'size.width': '3',
    });
    const plain = await db.objects(Product).filter({ id: row.id }).get();
    const view = await form(Product, { instance: plain }).view();
    const data = Object.fromEntries(
      view.fields.map(({ htmlName, widget }) => [
        htmlName,
        widget.template === 'forms/widgets/checkbox' ? widget.attrs['checked'] : widget.value,
      ]),
    );
    const bound = form(Product, { instance: plain, data });
    expect([await bound.isValid(), codes(bound), bound.changed]).toEqual([true, [], []]);
  });

  it('leaves what the database fills to the database, and shows literal defaults', async () => {
    const shown = await form(Product).view();
    expect(shown.byName['status']!.widget.options!.find(({ selected }) => selected)!.value).toBe('draft');
    expect(shown.byName['size.unit']!.widget.value).toBe('cm');
    const row = await saved();
    expect((await reload(row)).listedSince).toBeInstanceOf(Date);
    expect((await reload(row)).ean).toBeNull();
  });

  it('collects the rules of columns, of class-validator and of the entity', async () => {
    const bad = form(Product, {
      data: product({
        name: 'ab',
        slug: 'a b',
        price: '-1',
        stock: '2147483648',
        code: 'abc',
        listed: 'on',
        contact: 'x',
        'size.width': '0',
        description: 'a\0b',
        status: 'gone',
        category: '999999',
        tags: ['x'],
      }),
    });
    expect(await bad.isValid()).toBe(false);
    expect(codes(bad)).toEqual(
      [
        'name: min_length',
        'slug: slug',
        'description: null_characters',
        'price: min_value',
        'stock: max_value',
        'status: choice',
        'code: pattern',
        'size.width: min_value',
        'category: relation',
        'tags: choice_missing',
        'contact: min_length',
      ].sort(byPlace(bad)),
    );
    expect(bad.errors.get('code')[0]!.message).toBe('Capitals only');
  });

  it('runs conditional and custom rules against the row as it would be', async () => {
    const unlisted = form(Product, { data: product({ contact: 'x' }) });
    expect(await unlisted.isValid()).toBe(true);
    const soldOut = form(Product, { data: product({ status: 'sold-out', stock: '3' }) });
    await soldOut.isValid();
    expect(soldOut.errors.toJSON()['status']).toEqual([
      { code: 'notSoldOut', message: 'Cannot be sold out while there is stock.' },
    ]);
  });

  it('finds rows with the same unique values, the row itself left out', async () => {
    const apple = await saved();
    const twin = form(Product, { data: product({ slug: 'apple', name: 'Other' }) });
    expect(await twin.isValid()).toBe(false);
    expect(twin.errors.toJSON()).toEqual({
      slug: [expect.objectContaining({ code: 'unique', message: 'Another product with this slug already exists.' })],
    });
    const pair = form(Product, { data: product({ slug: 'other' }) });
    await pair.isValid();
    expect(codes(pair)).toEqual([': unique']);
    const same = form(Product, { instance: apple, data: product({ price: '2', listedSince: '2026-01-01T00:00' }) });
    expect(await same.isValid()).toBe(true);
    const part = form(
      Product,
      { instance: await saved({ slug: 'pear', name: 'Pear' }), data: { name: 'Apple' } },
      { fields: ['name'] },
    );
    await part.isValid();
    expect(codes(part)).toEqual(['name: unique']);
  });

  it('tells at the fields what the database refuses after all', async () => {
    const first = form(Product, { data: product() });
    const second = form(Product, { data: product({ name: 'Second' }) });
    expect(await Promise.all([first.isValid(), second.isValid()])).toEqual([true, true]);
    await first.save();
    expect(await second.trySave()).toBeNull();
    expect(codes(second)).toEqual(['slug: unique']);
    expect(second.instance.name).toBeUndefined();

    const orphan = form(Product, { data: product({ slug: 'orphan', name: 'Orphan' }) });
    await orphan.isValid();
    await db.objects(Category).filter({ id: fruit!.id }).delete();
    await expect(orphan.save()).rejects.toMatchObject({ code: 'forms.invalid', status: 422 });
    expect(orphan.errors.fields()).toHaveLength(1);
  });

  it('twenty forms at once with one unique value save one row', async () => {
    const forms = Array.from({ length: 20 }, (_, index) =>
      form(Product, { data: product({ name: `Apple ${index}` }) }),
    );
    const rows = await Promise.all(forms.map((each) => each.trySave()));
    expect(rows.filter(Boolean)).toHaveLength(1);
    expect(new Set(forms.flatMap(codes))).toEqual(new Set(['slug: unique']));
    expect(await db.objects(Product).count()).toBe(1);
  });

  it('assigns nothing but declared, editable fields', async () => {
    const apple = await saved();
    const data = product({
      id: 77,
      owner: 'me',
      'size.unit': 'mm',
      price: '3',
      'category.name': 'Hacked',
      listedSince: '2000-01-01T00:00',
    });
    await form(
      Product,
      { instance: apple, data },
      { fields: ['name', 'price', 'size.unit'], readOnly: ['size.unit'] },
    ).save();
    const read = await reload(apple);
    expect([read.id, read.owner, read.size.unit, read.price, read.category.name]).toEqual([
      apple.id,
      'nobody',
      'cm',
      '3.00',
      'Fruit',
    ]);
    expect(read.listedSince.getFullYear()).toBeGreaterThan(2000);
  });

  it.each([
    [{ fields: ['nmae'] }, 'name'],
    [{ fields: ['owner'] }, 'not editable'],
    [{ exclude: ['prize'] }, 'price'],
    [{ widgets: { x: undefined as never } }, 'no field named "x"'],
  ])('refuses options that name what is not there: %j', (options, message) => {
    expect(() => formClassFor(db.describe(Product), options)).toThrow(
      expect.objectContaining({ code: 'forms.unknown_field' }),
    );
    try {
      formClassFor(db.describe(Product), options);
    } catch (error) {
      expect(String((error as Error).message) + String((error as { hint: string }).hint)).toContain(message);
    }
  });

  it('takes a class before there is an application, and tells unknown names with the first form', async () => {
    const fields = { database: db, disk, data: { name: 'Early', open: 'on' } };
    const saved = await new CategoryForm(fields).save();
    expect(await db.objects(Category).get({ pk: saved })).toMatchObject({ name: 'Early' });
    expect(() => new CategoryForm().fields).toThrow(expect.objectContaining({ code: 'forms.missing_service' }));
    expect(() => new MistypedForm(fields).fields).toThrow(expect.objectContaining({ code: 'forms.unknown_field' }));
  });

  it('narrows the rows that may be chosen, for a forged key too', async () => {
    const limit = (query: { filter(lookups: object): unknown }) => query.filter({ open: true });
    const options = { overrides: { category: { limit } } } as FormClassOptions;
    const bound = form(Product, { data: product({ category: closed!.id }) }, options);
    await bound.isValid();
    expect(codes(bound)).toEqual(['category: relation']);
    const shown = await form(Product, {}, options).view();
    expect(shown.byName['category']!.widget.options!.map(({ label }) => label)).toEqual(['---------', 'Fruit']);
  });

  it('asks for the key where there are too many rows to list', async () => {
    const apple = await saved();
    const shown = await form(Product, { instance: apple }, { overrides: { category: { listed: 1 } } }).view();
    expect(shown.byName['category']!.widget).toMatchObject({
      template: 'forms/widgets/key',
      value: String(fruit!.id),
      extra: { chosen: [{ label: 'Fruit' }] },
    });
  });

  it('changes only the links that differ', async () => {
    const apple = await saved({ tags: [tags[0]!.id, tags[1]!.id] });
    const bound = form(Product, { instance: apple, data: { tags: [tags[1]!.id, tags[2]!.id] } }, { fields: ['tags'] });
    await bound.save();
    expect(bound.changed).toEqual(['tags']);
    expect(new Set(await db.related(apple, 'tags').keys())).toEqual(new Set([tags[1]!.id, tags[2]!.id]));
    await form(Product, { instance: apple, data: {} }, { fields: ['tags'] }).save();
    expect(await db.related(apple, 'tags').keys()).toEqual([]);
  });

  it('serves rows with keys of several columns', async () => {
    const place = await db.save(make(Place, { room: "A'1", row: 2, shelf: 'x' }));
    const shown = await form(Label).view();
    const key = shown.byName['place']!.widget.options!.at(-1)!.value;
    const label = await form(Label, { data: { place: key } }).save();
    expect(label.place).toMatchObject({ room: place.room, row: 2 });
    const forged = form(Label, { data: { place: '{"room":"A"}' } });
    await forged.isValid();
    expect(codes(forged)).toEqual(['place: relation']);
    const twin = form(Place, { data: { room: "A'1", row: '2', shelf: 'y' } }, { fields: ['room', 'row', 'shelf'] });
    await twin.isValid();
    expect(codes(twin)).toEqual([': unique']);
  });

  it('stores files on save, keeps, replaces and clears them', async () => {
    const upload = file('manual.pdf', 'content');
    const apple = await form(Product, { data: product(), files: { manual: [upload] } }).save();
    expect(apple.manual).toMatch(/^shop\/product\/manual.*\.pdf$/);
    expect(await disk.exists(apple.manual!)).toBe(true);
    const shown = await form(Product, { instance: apple }).view();
    expect(shown.multipart).toBe(true);
    expect(shown.byName['manual']!.widget.extra).toMatchObject({
      present: { name: apple.manual!.split('/').at(-1) },
      clearable: true,
    });
    const kept = apple.manual;
    const fields = ['price', 'manual'];
    await form(Product, { instance: apple, data: { price: '2' } }, { fields }).save();
    expect((await reload(apple)).manual).toBe(kept);
    await form(Product, { instance: apple, data: { price: '2', 'manual-clear': 'true' } }, { fields }).save();
    expect((await reload(apple)).manual).toBeNull();
  });

  it('leaves no file behind when the row is not saved', async () => {
    await saved();
    const before = await readdir(folder, { recursive: true });
    const invalid = form(Product, { data: product({ slug: '' }), files: { manual: [file('a.pdf', 'x')] } });
    await expect(invalid.save()).rejects.toBeInstanceOf(FormInvalidError);
    const failing = form(Product, {
      data: product({ slug: 'b', name: 'Bbb' }),
      files: { manual: [file('b.pdf', 'x')] },
    });
    await expect(failing.save({ after: () => Promise.reject(new Error('late')) })).rejects.toThrow('late');
    expect((await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.pdf'))).toEqual(
      before.filter((name) => name.endsWith('.pdf')),
    );
    expect(await db.objects(Product).count()).toBe(1);
    expect(failing.instance.slug).toBeUndefined();
  });

  it('shows a hook the row that was left to saving, and keeps what the hook sets', async () => {
    const postponed = form(Product, { data: product(), postpone: true });
    let seen: unknown;
    const row = await postponed.save({
      before: (each) => {
        seen = each.category;
        each.category = closed!;
      },
    });
    expect(seen).toMatchObject({ name: 'Fruit' });
    expect((await db.objects(Product).selectRelated('category').get({ id: row.id })).category).toMatchObject({
      name: 'Closed',
    });
    const hook = vi.fn();
    const missing = form(Product, { data: product({ slug: 'b', category: 10_000_000 }), postpone: true });
    await expect(missing.save({ before: hook })).rejects.toBeInstanceOf(FormInvalidError);
    expect(missing.errors.fields()).toEqual(['category']);
    expect(hook).not.toHaveBeenCalled();
  });

  it('has the row that was left to saving once it is saved', async () => {
    const postponed = form(Product, { data: product(), postpone: true });
    const row = await postponed.save();
    expect(row.category).toMatchObject({ name: 'Fruit' });
    expect(postponed.cleaned).toMatchObject({ category: { name: 'Fruit' } });
    expect((await postponed.save()).id).toBe(row.id);
    expect(await db.objects(Product).count()).toBe(1);
  });

  it('runs hooks inside of the transaction', async () => {
    const seen: boolean[] = [];
    const row = await form(Product, { data: product() }).save({
      before: (each) => {
        each.owner = 'hook';
        seen.push(db.inTransaction);
      },
      after: (each) => {
        seen.push(each.id > 0);
      },
    });
    expect([seen, (await reload(row)).owner]).toEqual([[true, true], 'hook']);
  });
});

function make<E extends object>(entity: Class<E>, values: Partial<E>): E {
  return Object.assign(new entity(), values);
}

function file(fileName: string, content: string): UploadedFile {
  const bytes = Buffer.from(content);
  return {
    fieldName: 'manual',
    fileName,
    mediaType: 'application/pdf',
    size: bytes.length,
    path: '',
    open: () => Readable.from([bytes]),
  };
}

function localDisk(folder: string): Disk {
  const clock = new SystemClock();
  const signer = new Signer(new SecretKeys('x'.repeat(50)), clock);
  const root = pathToFileURL(`${folder}/`);
  return storageDrivers
    .local({ root })
    .create({ name: 'default', root, prefix: '/media/default/', signedUrls: new SignedUrls(signer, clock, 60_000) });
}

/** Orders `field: codes` lines as the errors of a form are ordered. */
function byPlace(form: EntityForm): (left: string, right: string) => number {
  const place = (line: string): number => form.errors.fields().indexOf(line.split(':')[0]!);
  return (left, right) => place(left) - place(right);
}
