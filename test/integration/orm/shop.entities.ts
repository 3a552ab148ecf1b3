import 'reflect-metadata';

import { Field, Meta } from 'bowerbird/orm';
import { IsEmail, IsOptional, MinLength } from 'class-validator';
import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';

export class Address {
  @Column({ length: 80, default: '' })
  @Field({ label: 'Town' })
  city: string;

  @Column({ type: 'varchar', nullable: true })
  zipCode: string | null;
}

@Entity()
@Meta({ ordering: ['name'] })
export class Category {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ unique: true })
  name: string;

  @OneToMany(() => Product, (product) => product.category)
  products: Relation<Product>[];
}

@Entity()
export class Tag {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40, unique: true })
  name: string;

  @ManyToMany(() => Product, (product) => product.tags)
  products: Relation<Product>[];
}

export enum Status {
  Draft = 'draft',
  Live = 'live',
}

@Entity()
@Unique('UQ_product_code', ['category', 'code'])
@Check('CK_product_stock', 'stock >= 0')
@Index('IX_product_name', ['name'])
@Meta({ label: 'Article', display: 'name', ordering: ['-createdAt', 'category.name'], audited: true })
export class Product {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  @MinLength(3, { message: 'Too short' })
  @Field({ help: 'As on the label' })
  name: string;

  @Column({ length: 20, default: 'none' })
  code: string;

  @Column({ type: 'int', default: 0 })
  stock: number;

  @Column({ type: 'enum', enum: Status, default: Status.Draft })
  status: Status;

  @Column({ type: 'varchar', nullable: true })
  @IsOptional()
  @IsEmail()
  contact: string | null;

  @Column(() => Address)
  address: Address;

  @ManyToOne(() => Category, (category) => category.products, { nullable: true, onDelete: 'RESTRICT' })
  category: Relation<Category> | null;

  @ManyToMany(() => Tag, (tag) => tag.products)
  @JoinTable()
  tags: Relation<Tag>[];

  @OneToOne(() => Sheet, (sheet) => sheet.product)
  sheet: Relation<Sheet> | null;

  @CreateDateColumn()
  createdAt: Date;

  @UpdateDateColumn()
  updatedAt: Date;
}

@Entity()
export class Sheet {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @OneToOne(() => Product, (product) => product.sheet, { onDelete: 'CASCADE' })
  @JoinColumn()
  product: Relation<Product>;
}

/** A composite key, one part of it a reference. */
@Entity()
export class Price {
  @ManyToOne(() => Product, { onDelete: 'CASCADE' })
  @JoinColumn()
  product: Relation<Product>;

  @PrimaryColumn()
  productId: number;

  @PrimaryColumn({ length: 3 })
  currency: string;

  @Column({ type: 'decimal', precision: 12, scale: 2 })
  amount: string;
}

export const SHOP = [Category, Tag, Product, Sheet, Price];

/** One column of every kind, named as any of the databases would name it. */
@Entity()
export class Sample {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: Date, nullable: true })
  moment: Date | null;

  @Column({ type: 'datetime', nullable: true })
  moment2: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  moment3: Date | null;

  @Column({ type: 'timestamp', nullable: true })
  moment4: Date | null;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ type: 'time', nullable: true })
  clock: string | null;

  @Column({ type: 'decimal', precision: 12, scale: 2, nullable: true })
  price: string | null;

  @Column({ type: 'numeric', precision: 15, scale: 6, nullable: true })
  rate: string | null;

  @Column({ type: 'decimal', precision: 19, scale: 2, nullable: true })
  large: string | null;

  @Column({ type: 'bigint', nullable: true })
  big: string | null;

  @Column({ type: 'double', nullable: true })
  ratio: number | null;

  @Column({ type: 'float', nullable: true })
  ratio2: number | null;

  @Column({ type: 'json', nullable: true })
  data: unknown;

  @Column({ type: 'jsonb', nullable: true })
  data2: unknown;

  @Column({ type: 'simple-json', nullable: true })
  data3: unknown;

  @Column({ type: 'simple-array', nullable: true })
  list: string[] | null;

  @Column({ type: 'uuid', nullable: true })
  token: string | null;

  @Column({ type: 'enum', enum: Status, nullable: true })
  status: Status | null;

  @Column({ type: 'simple-enum', enum: [1, 2, 3], nullable: true })
  level: number | null;

  @Column({ type: 'boolean', default: true })
  active: boolean;

  @Column({ type: 'text', nullable: true })
  body: string | null;

  @Column({ type: 'blob', nullable: true })
  bytes: Buffer | null;

  @Column({ type: 'tinyint', nullable: true })
  small: number | null;

  @CreateDateColumn()
  createdAt: Date;

  @UpdateDateColumn()
  updatedAt: Date;
}

@Entity()
export class Ledger {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  id: string;

  @Column()
  text: string;

  @ManyToOne(() => Ledger, { nullable: true })
  parent: Relation<Ledger> | null;
}
