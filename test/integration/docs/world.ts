/**
 * What the examples of the documentation speak of without declaring it. Nothing here runs: names of `world.ts` are
 * only types to the examples that use them.
 */
import { type Type } from '@nestjs/common';
import { type Environment, type Secret, type Signer } from 'bowerbird/core';
import { type FrameworkSettings } from 'bowerbird/framework';
import { type HttpRequest } from 'bowerbird/http';
import { type Database, type QuerySet } from 'bowerbird/orm';
import { type DataSource, type Relation } from 'typeorm';

export declare class Country {
  code: string;
  name: string;
  continent: string;
  cities: Relation<City>[];
}

export declare class Landmark {
  id: number;
  year: number;
  height: number;
  visits: Relation<{ id: number; day: string }>[];
}

export declare class City {
  id: number;
  name: string;
  population: number;
  capital: boolean;
  founded: string | null;
  visitedAt: Date | null;
  notes: string | null;
  location: { latitude: number | null; zone: string | null };
  country: Relation<Country>;
  twin: Relation<City> | null;
  mayor: Relation<{ id: number; name: string }>;
  tags: Relation<Tag>[];
  landmarks: Relation<Landmark>[];
}

export declare class Category {
  id: number;
  name: string;
}

export declare class Tag {
  id: number;
  name: string;
}

export declare class Product {
  id: number;
  name: string;
  slug: string;
  price: string;
  cost: string;
  stock: number;
  size: number;
  inStock: boolean;
  status: 'draft' | 'published';
  photo: string | null;
  category: Relation<Category>;
  tags: Relation<Tag>[];
  shortName(): string;
}

/** A post of a blog, under a name that is free in Nest. */
export declare class Article {
  id: number;
  title: string;
  slug: string;
  status: 'draft' | 'live';
  featured: boolean;
  locked: boolean;
  authorId: number;
  author: Relation<{ id: number; email: string }>;
  publishedAt: Date | null;
  createdAt: Date;
}

export declare class Customer {
  id: number;
  name: string;
  email: string;
}

export declare class Order {
  id: number;
}

export declare const ShopModule: Type;
export declare const AppModule: Type;
export declare const env: Environment;
export declare const secretKey: Secret;
export declare const settings: FrameworkSettings;
export declare const dataSource: DataSource;
export declare const db: Database;
export declare const request: HttpRequest;
export declare const signer: Signer;
export declare const product: Product;
export declare const order: Order;
export declare const user: { readonly id: number };
export declare const cities: QuerySet<City>;
export declare const japan: Country;
export declare const keys: readonly number[];
