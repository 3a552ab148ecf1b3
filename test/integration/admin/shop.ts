import { Module } from '@nestjs/common';
import { Action, Admin, AdminFor, Display, ModelAdmin, type ActionContext } from 'bowerbird/admin';
import { App, Database, Field, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import {
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';

@Entity('shop_category')
@Meta({ labelPlural: 'Categories', ordering: ['name'] })
@Admin({ list: ['name'], search: ['name'] })
export class Category {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;
}

@Entity('shop_label')
@Admin({ search: ['word'] })
@Meta({ display: 'word' })
export class Label {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  word: string;
}

@Entity('shop_product')
@Meta({ display: 'name', audited: true })
@Index(['price', 'id'])
export class Product {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  name: string;

  @Column({ type: 'varchar', length: 20, default: 'draft' })
  @Field({
    choices: [
      { value: 'draft', label: 'Draft' },
      { value: 'published', label: 'Published' },
    ],
  })
  status: string;

  @Column({ type: 'decimal', precision: 10, scale: 2, default: 0 })
  price: string;

  @Column({ type: 'boolean', nullable: true })
  inStock: boolean | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  @Field({ format: 'url' })
  homepage: string | null;

  @Column({ type: Date, nullable: true })
  addedAt: Date | null;

  @ManyToOne(() => Category, { nullable: true, onDelete: 'RESTRICT' })
  category: Relation<Category> | null;

  @ManyToMany(() => Label)
  @JoinTable()
  labels: Label[];

  get shout(): string {
    return `${this.name}!`;
  }
}

@AdminFor(Product, {
  list: ['name', 'category', 'category.name', 'status', 'price', 'inStock', 'homepage', 'addedAt', 'shout', 'half'],
  search: ['name', '=id', 'category.name', '^labels.word'],
  filters: ['category', 'status', 'inStock', 'addedAt', 'labels', { path: 'homepage', kind: 'empty' }],
  perPage: 10,
})
export class ProductAdmin extends ModelAdmin<Product> {
  @Display({ label: 'Half price', ordering: 'price', kind: 'number' })
  half(product: Product): number {
    return Number(product.price) / 2;
  }

  @Action({ label: 'Publish' })
  async publish(rows: QuerySet<Product>, { count }: ActionContext): Promise<string> {
    await rows.update({ status: 'published' });
    return `${count} published.`;
  }

  @Action({ label: 'Archive', confirm: 'Archive these products?' })
  async archive(rows: QuerySet<Product>): Promise<void> {
    await rows.update({ status: 'draft' });
  }
}

/** A row whose key needs quoting in addresses. */
@Entity('shop_code')
@Admin({ list: ['code', 'note'] })
export class Code {
  @PrimaryColumn({ length: 60 })
  code: string;

  @Column({ length: 60, default: '' })
  note: string;
}

@App({ name: 'shop', label: 'Shop', entities: [Category, Label, Product, Code], migrations: false })
@Module({ providers: [ProductAdmin] })
export class ShopModule {}

/** The shop with its tables, empty. */
export async function bootShop(settings: Parameters<typeof createTestApp>[0] = {}): Promise<TestApp> {
  const app = await createTestApp({ apps: [ShopModule], ...settings }, { schema: 'none' });
  await app.get(Database).dataSource.synchronize();
  return app;
}
