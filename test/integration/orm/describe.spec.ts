import { Field, type Database, type EntityDescription, type FieldDescription } from 'bowerbird/orm';
import {
  ChildEntity,
  Column,
  Entity,
  ManyToOne,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, Ledger, Price, Product, Sample, Sheet, SHOP, Tag } from './shop.entities.js';

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'type' } })
class Media {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
}

@ChildEntity()
class Film extends Media {
  @Column({ type: 'int' }) minutes: number;
  @ManyToOne(() => Media) trailer: Relation<Media> | null;
}

@Entity()
class Account {
  @PrimaryGeneratedColumn() id: number;
  @Column({ select: false }) hash: string;
  @Column({ select: false }) @Field({ editable: true }) pin: string;
  @Column({ type: 'text', select: false }) @Field({ editable: true, sensitive: false }) biography: string;
}

const without = (field: FieldDescription): object => ({ ...field, validators: undefined });

describe('descriptions', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    let db: Database;
    let product: EntityDescription<Product>;
    beforeAll(async () => {
      app = await openOrm({
        database: database.url,
        entities: [...SHOP, Sample, Ledger, Media, Film, Account],
        synchronize: false,
      });
      db = app.db;
      product = db.describe(Product);
    });
    afterAll(() => app.close());

    it('name the entity', () => {
      expect(product).toMatchObject({
        name: 'Product',
        app: 'shop',
        key: 'shop.product',
        table: 'product',
        label: 'Article',
        labelPlural: 'Articles',
        primaryKey: ['id'],
        display: 'name',
        ordering: ['-createdAt', 'category.name'],
        managed: true,
        audited: true,
      });
      expect(db.describe(Category)).toMatchObject({ label: 'Category', labelPlural: 'Categories', audited: false });
    });

    it('are the same on every database', () => {
      expect(product.fields.map(without)).toMatchInlineSnapshot(`
        [
          {
            "blank": false,
            "column": "id",
            "comment": "",
            "default": undefined,
            "editable": false,
            "generated": "increment",
            "help": "",
            "kind": "integer",
            "label": "ID",
            "nullable": false,
            "path": "id",
            "primary": true,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": true,
            "validators": undefined,
          },
          {
            "blank": false,
            "column": "name",
            "comment": "",
            "default": undefined,
            "editable": true,
            "generated": false,
            "help": "As on the label",
            "kind": "string",
            "label": "Name",
            "length": 120,
            "nullable": false,
            "path": "name",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": false,
            "column": "code",
            "comment": "",
            "default": "none",
            "editable": true,
            "generated": false,
            "help": "",
            "kind": "string",
            "label": "Code",
            "length": 20,
            "nullable": false,
            "path": "code",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": false,
            "column": "stock",
            "comment": "",
            "default": 0,
            "editable": true,
            "generated": false,
            "help": "",
            "kind": "integer",
            "label": "Stock",
            "nullable": false,
            "path": "stock",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": false,
            "choices": [
              {
                "label": "Draft",
                "value": "draft",
              },
              {
                "label": "Live",
                "value": "live",
              },
            ],
            "column": "status",
            "comment": "",
            "default": "draft",
            "editable": true,
            "generated": false,
            "help": "",
            "kind": "enum",
            "label": "Status",
            "length": 255,
            "nullable": false,
            "path": "status",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": true,
            "column": "contact",
            "comment": "",
            "default": undefined,
            "editable": true,
            "format": "email",
            "generated": false,
            "help": "",
            "kind": "string",
            "label": "Contact",
            "length": 255,
            "nullable": true,
            "path": "contact",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": false,
            "column": "createdAt",
            "comment": "",
            "default": {
              "sql": "CURRENT_TIMESTAMP",
            },
            "editable": false,
            "generated": "created",
            "help": "",
            "kind": "datetime",
            "label": "Created at",
            "nullable": false,
            "path": "createdAt",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": false,
            "column": "updatedAt",
            "comment": "",
            "default": {
              "sql": "CURRENT_TIMESTAMP",
            },
            "editable": false,
            "generated": "updated",
            "help": "",
            "kind": "datetime",
            "label": "Updated at",
            "nullable": false,
            "path": "updatedAt",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": true,
            "column": "addressCity",
            "comment": "",
            "default": "",
            "editable": true,
            "generated": false,
            "help": "",
            "kind": "string",
            "label": "Town",
            "length": 80,
            "nullable": false,
            "path": "address.city",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
          {
            "blank": true,
            "column": "addressZipcode",
            "comment": "",
            "default": undefined,
            "editable": true,
            "generated": false,
            "help": "",
            "kind": "string",
            "label": "Zip code",
            "length": 255,
            "nullable": true,
            "path": "address.zipCode",
            "primary": false,
            "selected": true,
            "sensitive": false,
            "transformed": false,
            "unique": false,
            "validators": undefined,
          },
        ]
      `);
    });

    it('tell the validators of class-validator', () => {
      expect(product.field('name')!.validators).toEqual([{ name: 'minLength', args: [3], message: 'Too short' }]);
      expect(product.field('contact')).toMatchObject({ format: 'email', blank: true });
      expect(
        product
          .field('contact')!
          .validators.map(({ name }) => name)
          .sort(),
      ).toEqual(['isEmail', 'isOptional']);
    });

    it('take columns that queries leave out for secrets that nobody edits, unless told otherwise', () => {
      const told = ({ selected, editable, sensitive }: FieldDescription) => [selected, editable, sensitive];
      const { fields } = db.describe(Account);
      expect(Object.fromEntries(fields.slice(1).map((field) => [field.path, told(field)]))).toEqual({
        hash: [false, false, true],
        pin: [false, true, true],
        biography: [false, true, false],
      });
    });

    it('tell the kinds of every column type', () => {
      const { fields } = db.describe(Sample);
      expect(Object.fromEntries(fields.map(({ path, kind }) => [path, kind]))).toEqual({
        id: 'integer',
        moment: 'datetime',
        moment2: 'datetime',
        moment3: 'datetime',
        moment4: 'datetime',
        day: 'date',
        clock: 'time',
        price: 'decimal',
        rate: 'decimal',
        large: 'decimal',
        big: 'bigint',
        ratio: 'float',
        ratio2: 'float',
        data: 'json',
        data2: 'json',
        data3: 'json',
        list: 'json',
        token: 'uuid',
        status: 'enum',
        level: 'integer',
        active: 'boolean',
        body: 'text',
        bytes: 'binary',
        small: 'integer',
        createdAt: 'datetime',
        updatedAt: 'datetime',
      });
      expect(
        db
          .describe(Sample)
          .field('level')!
          .choices!.map(({ value }) => value),
      ).toEqual([1, 2, 3]);
      expect(db.describe(Sample).field('price')).toMatchObject({ precision: 12, scale: 2 });
      expect(db.describe(Ledger).field('id')).toMatchObject({
        kind: 'bigint',
        generated: 'increment',
        editable: false,
      });
    });

    it('tell the relations of all four kinds', () => {
      expect(product.relation('category')).toMatchObject({
        kind: 'many-to-one',
        owning: true,
        target: Category,
        inverse: 'products',
        nullable: true,
        onDelete: 'protect',
        columns: [{ column: 'categoryId', references: 'id' }],
      });
      expect(db.describe(Category).relation('products')).toMatchObject({
        kind: 'one-to-many',
        owning: false,
        target: Product,
        inverse: 'category',
        columns: [],
      });
      expect(db.describe(Sheet).relation('product')).toMatchObject({
        kind: 'one-to-one',
        owning: true,
        unique: true,
        onDelete: 'cascade',
        columns: [{ column: 'productId', references: 'id' }],
      });
      expect(product.relation('sheet')).toMatchObject({ kind: 'one-to-one', owning: false, nullable: true });
      const junction = {
        table: 'product_tags_tag',
        ownColumns: [{ column: 'productId', references: 'id' }],
        targetColumns: [{ column: 'tagId', references: 'id' }],
      };
      expect(product.relation('tags')).toMatchObject({ kind: 'many-to-many', owning: true, junction });
      expect(db.describe(Tag).relation('products')).toMatchObject({
        kind: 'many-to-many',
        owning: false,
        junction: { ...junction, ownColumns: junction.targetColumns, targetColumns: junction.ownColumns },
      });
    });

    it('tell unique sets, indexes and checks', () => {
      expect(product.uniques).toEqual([{ name: 'UQ_product_code', paths: ['category', 'code'] }]);
      expect(product.indexes).toEqual([{ name: 'IX_product_name', paths: ['name'], unique: false }]);
      expect(product.checks).toEqual([{ name: 'CK_product_stock', expression: 'stock >= 0' }]);
      expect(db.describe(Category).field('name')!.unique).toBe(true);
    });

    it('tell composite keys and keys that are references', () => {
      const price = db.describe(Price);
      expect(price.primaryKey).toEqual(['productId', 'currency']);
      expect(price.field('productId')).toMatchObject({ relation: 'product', primary: true, editable: false });
      expect(price.keyOf(Object.assign(new Price(), { productId: 3, currency: 'EUR' }))).toEqual({
        productId: '3',
        currency: 'EUR',
      });
    });

    it('tell which entities share a table', () => {
      expect(db.describe(Film)).toMatchObject({
        table: 'media',
        inheritance: { column: 'type', value: 'Film', parent: Media },
      });
      expect(db.describe(Media).inheritance).toEqual({ column: 'type', value: 'Media' });
      expect(db.describe(Film).fields.map(({ path }) => path)).toEqual(
        expect.arrayContaining(['id', 'title', 'minutes']),
      );
    });

    it('give the text form of a row', () => {
      expect(product.text(Object.assign(new Product(), { id: 3, name: 'Saw' }))).toBe('Saw');
      expect(product.text(Object.assign(new Product(), { id: 3 }))).toBe('Article 3');
      expect(db.describe(Category).text(Object.assign(new Category(), { id: 1, name: 'Tools' }))).toBe('Tools');
      expect(db.describe(Sheet).text(Object.assign(new Sheet(), { id: 'x' }))).toBe('Sheet x');
    });

    it('cannot be changed', () => {
      expect(Object.isFrozen(product)).toBe(true);
      for (const part of [...product.fields, ...product.relations, product.fields, product.uniques])
        expect(Object.isFrozen(part)).toBe(true);
    });

    it('are found by class, by key and in the order of the app', () => {
      expect(db.descriptions.byKey('shop.product')).toBe(product);
      expect(
        db.descriptions
          .all()
          .map(({ name }) => name)
          .slice(0, 5),
      ).toEqual(SHOP.map(({ name }) => name));
      expect(() => db.descriptions.byKey('shop.prodct')).toThrow(/Did you mean "shop.product"/);
      expect(() => db.describe(Map)).toThrow(expect.objectContaining({ code: 'orm.unknown_entity' }));
    });
  });
});
