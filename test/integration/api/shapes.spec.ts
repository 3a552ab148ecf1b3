import { Module } from '@nestjs/common';
import { ModelSerializer, ModelViewSet, Serializer, ViewSet, type InputContext } from 'bowerbird/api';
import { type User } from 'bowerbird/auth';
import { App, Field, Meta } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';

class Address {
  @Column({ length: 40, default: '' })
  @Field({ blank: true })
  city: string;

  @Column({ type: 'int', nullable: true })
  zip: number | null;
}

@Entity('shape_region')
@Meta({ display: 'name' })
class Region {
  @PrimaryColumn({ length: 3 })
  code: string;

  @Column({ length: 30, unique: true })
  name: string;

  @Column({ default: true })
  open: boolean;

  @OneToMany(() => Shop, (shop) => shop.region)
  shops: Relation<Shop>[];
}

@Entity('shape_shop')
class Shop {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 30 })
  name: string;

  @Column(() => Address)
  address: Address;

  @ManyToOne(() => Region, (region) => region.shops, { nullable: true })
  region: Relation<Region> | null;

  @ManyToOne(() => Shop, { nullable: true })
  parent: Promise<Shop | null>;

  @OneToOne(() => Licence, (licence) => licence.shop)
  licence: Relation<Licence> | null;

  @ManyToMany(() => Region)
  @JoinTable({ name: 'shape_shop_serves' })
  @Field({ blank: true })
  serves: Relation<Region>[];

  @Column({ type: 'int', nullable: true })
  madeBy: number | null;

  @Column({ length: 20, default: '' })
  @Field({ format: 'password', blank: true })
  code: string;
}

@Entity('shape_licence')
class Licence {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 20 })
  number: string;

  @OneToOne(() => Shop, (shop) => shop.licence)
  @JoinColumn()
  shop: Relation<Shop>;
}

/** A price that is known by two columns. */
@Entity('shape_price')
class Price {
  @PrimaryColumn({ length: 10 })
  article: string;

  @PrimaryColumn({ type: 'int' })
  year: number;

  @Column({ type: 'decimal', precision: 8, scale: 2 })
  amount: string;
}

@Serializer(Licence, { fields: ['id', 'number'] })
class LicenceSerializer extends ModelSerializer<Licence> {}

@Serializer(Shop, {
  fields: ['id', 'title', 'address.city', 'address.zip', 'region', 'parent', 'licence', 'serves', 'code', 'madeBy'],
  source: { title: 'name' },
  references: { region: { slug: 'name' }, parent: 'link', serves: 'text' },
  nested: { licence: { serializer: () => LicenceSerializer, writable: true } },
  choices: { region: (rows) => rows.filter({ open: true } as never) },
  readOnly: ['madeBy'],
  writeOnly: ['code'],
  hidden: { madeBy: ({ user }) => (user as User | null)?.id },
})
class ShopSerializer extends ModelSerializer<Shop> {
  readonly saved: string[] = [];

  validateTitle(title: string, { row }: InputContext<Shop>): string {
    return row ? title : title.toUpperCase();
  }

  override afterSave(row: Shop): void {
    this.saved.push(row.name);
  }
}

@Serializer(Shop, { fields: ['id', 'region', 'parent'] })
class ShortShopSerializer extends ModelSerializer<Shop> {}

@Serializer(Region, { fields: ['code', 'name', 'shops'], nested: { shops: ShortShopSerializer } })
class RegionSerializer extends ModelSerializer<Region> {}

@ViewSet(Shop, { path: 'shops', serializer: ShopSerializer })
class ShopViewSet extends ModelViewSet<Shop> {}

@ViewSet(Region, { path: 'regions', serializer: RegionSerializer })
class RegionViewSet extends ModelViewSet<Region> {}

@ViewSet(Price, { path: 'prices', fields: ['article', 'year', 'amount'] })
class PriceViewSet extends ModelViewSet<Price> {}

@App({ name: 'shape', entities: [Region, Shop, Licence, Price] })
@Module({ controllers: [ShopViewSet, RegionViewSet, PriceViewSet], providers: [ShopSerializer] })
class ShapeModule {}

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let north: Region;

  beforeAll(async () => {
    app = await createTestApp({ apps: [ShapeModule], database: database.url });
    admin = await app.login();
    north = await app.create(Region, { code: 'N', name: 'North' });
    await app.create(Region, { code: 'C', name: 'Closed', open: false });
  });
  afterAll(() => app?.close());

  const make = (json: object) => admin.post('/api/shops', undefined, { json });
  interface Made {
    readonly id: number;
    readonly [name: string]: unknown;
  }

  describe('documents', () => {
    it('have renamed fields, objects, slugs, addresses, texts and rows on the far side', async () => {
      const first = (
        await make({ title: 'first', region: 'North', address: { city: 'Bern', zip: 3000 } })
      ).json<Made>();
      const second = await make({
        title: 'second',
        parent: `/api/shops/${first.id}`,
        licence: { number: 'L-1' },
        code: 'secret',
      });
      expect([second.status, second.json()]).toEqual([
        201,
        {
          id: expect.any(Number) as unknown,
          title: 'SECOND',
          address: { city: '', zip: null },
          region: null,
          parent: `/api/shops/${first.id}`,
          licence: { id: expect.any(Number) as unknown, number: 'L-1' },
          serves: [],
          madeBy: expect.any(Number) as unknown,
        },
      ]);
      expect((await admin.get(`/api/shops/${first.id}`)).json()).toMatchObject({
        title: 'FIRST',
        region: 'North',
        address: { city: 'Bern', zip: 3000 },
        licence: null,
      });
      expect(app.get(ShopSerializer).saved.slice(-2)).toEqual(['FIRST', 'SECOND']);
    });

    it('show references of rows inside of lists', async () => {
      const shop = (await make({ title: 'inside', region: 'North' })).json<Made>();
      const { shops } = (await admin.get('/api/regions/N')).json<{ shops: Made[] }>();
      expect(shops.find(({ id }) => id === shop.id)).toEqual({ id: shop.id, region: north.code, parent: null });
    });

    it('change objects in part, and rows on the far side in place', async () => {
      const shop = (
        await make({ title: 'x', address: { city: 'Bern', zip: 3000 }, licence: { number: 'A' } })
      ).json<Made>();
      const patch = async (json: object) => (await admin.patch(`/api/shops/${shop.id}`, { json })).json<Made>();
      expect(await patch({ address: { zip: 3001 } })).toMatchObject({ address: { city: 'Bern', zip: 3001 } });
      expect(await patch({ licence: { number: 'B' } })).toMatchObject({
        licence: { ...(shop.licence as object), number: 'B' },
      });
      expect(await patch({ licence: null })).toMatchObject({ licence: null });
      expect(await app.objects(Licence).filter({ number: 'B', shop__isnull: true }).exists()).toBe(true);
      expect(await patch({ title: 'small' })).toMatchObject({ title: 'small', madeBy: shop.madeBy });
    });

    it.each([
      [{ region: 'Closed' }, ['region']],
      [{ region: 'N' }, ['region']],
      [{ parent: '/api/shops/0' }, ['parent']],
      [{ parent: '/api/regions/N' }, ['parent']],
      [{ parent: 'https://elsewhere.example/api/shops/' }, ['parent']],
      [{ address: 'Bern' }, ['address']],
      [{ address: { street: 'x' } }, ['address.street']],
      [{ address: { zip: 'x' } }, ['address.zip']],
      [{ licence: [] }, ['licence']],
      [{ name: 'x' }, ['name']],
    ])('refuse %j', async (json, names) => {
      const answer = await make({ title: 'x', ...json });
      expect([answer.status, Object.keys(answer.json<{ errors: object }>().errors)]).toEqual([400, names]);
    });

    it('are found by keys of several columns', async () => {
      const price = { article: 'a/b', year: 2026, amount: '9.50' };
      const made = await admin.post('/api/prices', undefined, { json: price });
      expect([made.status, made.json()]).toEqual([201, price]);
      const path = `/api/prices/${encodeURIComponent(JSON.stringify({ article: 'a/b', year: '2026' }))}`;
      expect(made.location).toBe(path);
      expect((await admin.get(path)).json()).toEqual(price);
      expect((await admin.patch(path, { json: { amount: '10' } })).json()).toEqual({ ...price, amount: '10.00' });
      expect((await admin.get('/api/prices/5')).status).toBe(404);
      expect((await admin.delete(path)).status).toBe(204);
    });
  });
});
