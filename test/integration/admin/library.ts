import { Injectable, Module } from '@nestjs/common';
import { Admin, AdminFor, Display, ModelAdmin, type AdminContext, type SaveContext } from 'bowerbird/admin';
import { Permission, Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { ValidationError } from 'bowerbird/forms';
import { App, Database, Field, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient } from 'bowerbird/testing';
import { Min, MinLength } from 'class-validator';
import {
  Check,
  Column,
  CreateDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';

@Entity('library_publisher')
@Meta({ ordering: ['name'], audited: true })
@Admin({ list: ['name'], search: ['name'] })
export class Publisher {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ default: false })
  secret: boolean;
}

@Entity('library_genre')
@Meta({ display: 'word', ordering: ['word'] })
@Admin({ search: ['word'] })
export class Genre {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  word: string;

  @Column({ default: false })
  secret: boolean;
}

/** Not in the admin. */
@Entity('library_shelf')
export class Shelf {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

@Entity('library_book')
@Meta({ display: 'title', audited: true })
@Unique('library_book_place', ['shelf', 'place'])
@Check('library_book_weight', '"weight" is null or "weight" > 0')
export class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  @MinLength(2)
  title: string;

  @Column({ length: 60, unique: true })
  @Field({ format: 'slug' })
  slug: string;

  @Column({ type: 'text', default: '' })
  @Field({ blank: true, help: 'What it is <about>' })
  blurb: string;

  @Column({ type: 'varchar', length: 20, default: 'draft' })
  @Field({ choices: { draft: 'Draft', live: 'Live' } })
  status: string;

  @Column({ type: 'int', default: 1 })
  @Min(1)
  pages: number;

  @Column({ type: 'bigint', nullable: true })
  serial: string | null;

  @Column({ type: 'decimal', precision: 8, scale: 2, default: 0 })
  price: string;

  @Column({ type: 'float', nullable: true })
  weight: number | null;

  @Column({ type: 'int', nullable: true })
  place: number | null;

  @Column({ type: Boolean, nullable: true })
  lent: boolean | null;

  @Column({ default: false })
  featured: boolean;

  @Column({ type: 'date', nullable: true })
  released: string | null;

  @Column({ type: 'time', nullable: true })
  readAt: string | null;

  @Column({ type: Date, nullable: true })
  printedAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  token: string | null;

  @Column({ type: 'simple-json', nullable: true })
  extra: unknown;

  @Column({ type: 'varchar', length: 7, nullable: true })
  @Field({ format: 'color' })
  color: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  @Field({ format: 'image' })
  cover: string | null;

  @Column({ type: 'varchar', length: 200, nullable: true })
  @Field({ format: 'file' })
  contract: string | null;

  @Column({ type: 'varchar', length: 100, default: '' })
  @Field({ sensitive: true, blank: true })
  apiKey: string;

  @Column({ length: 40, default: 'nobody' })
  @Field({ editable: false })
  owner: string;

  @CreateDateColumn()
  createdAt: Date;

  @ManyToOne(() => Publisher, { nullable: false, onDelete: 'RESTRICT' })
  publisher: Relation<Publisher>;

  @ManyToOne(() => Shelf, { nullable: true, onDelete: 'SET NULL' })
  shelf: Relation<Shelf> | null;

  @ManyToMany(() => Genre)
  @JoinTable({ name: 'library_book_genres' })
  @Field({ blank: true })
  genres: Genre[];

  get shout(): string {
    return `${this.title}!`;
  }
}

@Policy(Publisher)
@Injectable()
export class PublisherPolicy implements EntityPolicy<Publisher> {
  scope(_user: AbstractUser, rows: QuerySet<Publisher>): QuerySet<Publisher> {
    return rows.filter({ secret: false });
  }
}

@Policy(Genre)
@Injectable()
export class GenrePolicy implements EntityPolicy<Genre> {
  scope(_user: AbstractUser, rows: QuerySet<Genre>): QuerySet<Genre> {
    return rows.filter({ secret: false });
  }
}

@Policy(Book)
@Injectable()
export class BookPolicy implements EntityPolicy<Book> {
  change(user: AbstractUser, book?: Book): boolean | undefined {
    return book?.title === 'Locked' ? false : undefined;
  }
}

@AdminFor(Book, {
  list: ['title', 'status'],
  search: ['title'],
  filters: ['status'],
  fieldsets: [
    { fields: ['title', 'slug', ['status', 'pages'], 'publisher', 'genres', 'shelf', 'place'] },
    { title: 'Text', description: 'Long <b>texts</b>', fields: ['blurb', 'cover', 'contract'] },
    {
      title: 'Numbers',
      fields: ['serial', 'price', 'weight', 'lent', 'featured', 'released', 'readAt', 'printedAt', 'token', 'extra'],
      collapsed: true,
    },
    { title: 'Other', fields: ['color', 'apiKey', 'owner', 'createdAt', 'shout', 'half'] },
  ],
  readOnly: ['owner', 'createdAt', 'shout', 'half'],
  prepopulated: { slug: ['title'] },
  saveAsNew: true,
  viewOnSite: (book: Book) => `/books/${book.slug}`,
})
export class BookAdmin extends ModelAdmin<Book> {
  @Display({ label: 'Half price', kind: 'number' })
  half(book: Book): number {
    return Number(book.price) / 2;
  }

  override query(rows: QuerySet<Book>): QuerySet<Book> {
    return rows.exclude({ title: 'Hidden' });
  }

  override readOnly(declared: readonly string[], { user }: AdminContext): readonly string[] {
    return user.email.startsWith('editor') ? [...declared, 'price'] : declared;
  }

  override beforeSave(book: Book): void {
    if (book.title === 'Forbidden') throw new ValidationError('This title is not allowed here.');
  }

  override afterSave(book: Book, { changed }: SaveContext): void {
    if (book.title === 'Explode') throw new Error(`after ${changed.length} changes`);
  }
}

/** A row whose key needs quoting in addresses. */
@Entity('library_code')
@Admin({ list: ['code', 'note'] })
export class Code {
  @PrimaryColumn({ length: 60 })
  code: string;

  @Column({ length: 60, default: '' })
  @Field({ blank: true })
  note: string;
}

@Entity('library_seat')
@Meta({ display: 'note' })
@Admin({ list: ['note'] })
export class Seat {
  @PrimaryColumn({ length: 10 })
  row: string;

  @PrimaryColumn({ type: 'int' })
  number: number;

  @Column({ length: 60, default: '' })
  @Field({ blank: true })
  note: string;
}

@App({
  name: 'library',
  label: 'Library',
  entities: [Publisher, Genre, Shelf, Book, Code, Seat],
  migrations: false,
})
@Module({ providers: [BookAdmin, PublisherPolicy, GenrePolicy, BookPolicy] })
export class LibraryModule {}

/** The library with its tables, empty. */
export async function bootLibrary(settings: Partial<Parameters<typeof createTestApp>[0]> = {}): Promise<TestApp> {
  const app = await createTestApp({ apps: [LibraryModule], ...settings }, { schema: 'none' });
  await app.get(Database).dataSource.synchronize();
  return app;
}

/** Somebody of the staff with permissions such as `library.change_book`. */
export async function staff(app: TestApp, email: string, codenames: readonly string[]): Promise<TestClient> {
  const user = await app.createUser({ email, isStaff: true });
  user.permissions = await Promise.all(codenames.map((codename) => permission(app, codename)));
  await app.get(Database).save(user);
  return app.login({ email });
}

async function permission(app: TestApp, codename: string): Promise<Permission> {
  const known = await app.objects(Permission).filter({ codename }).first();
  if (known) return known;
  return app.get(Database).save(Object.assign(new Permission(), { codename, label: codename, app: 'Library' }));
}

/** A row with values. */
export function make<E extends object>(entity: new () => E, values: Partial<E>): E {
  return Object.assign(new entity(), values);
}
