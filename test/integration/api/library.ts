import { Module } from '@nestjs/common';
import {
  Computed,
  cursor,
  limitOffset,
  ModelSerializer,
  ModelViewSet,
  pages,
  Serializer,
  ViewSet,
} from 'bowerbird/api';
import { App, Field, Meta } from 'bowerbird/orm';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';

export class Address {
  @Column({ length: 40, default: '' })
  city: string;

  @Column({ length: 10, default: '' })
  zip: string;
}

/** A library whose lists can be asked for anything. */
@Entity('lib_writer')
@Meta({ ordering: ['name'], display: 'name' })
export class Writer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column(() => Address)
  address: Address;

  @OneToMany(() => Book, (book) => book.writer)
  books: Relation<Book>[];
}

@Entity('lib_topic')
export class Topic {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

@Entity('lib_book')
export class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 60 })
  title: string;

  @Column({ type: 'simple-enum', enum: ['lent', 'here'], default: 'here' })
  state: string;

  @Column({ default: 0 })
  rank: number;

  @Column({ type: 'smallint', default: 0 })
  shelf: number;

  @Column({ type: 'bigint', default: 0 })
  loans: string;

  @Column({ type: 'float', nullable: true })
  weight: number | null;

  @Column({ type: 'decimal', precision: 8, scale: 2, nullable: true })
  price: string | null;

  @Column({ type: 'date', nullable: true })
  bought: string | null;

  @Column({ type: 'time', nullable: true })
  opens: string | null;

  @Column({ type: Date, nullable: true })
  lentAt: Date | null;

  @Column({ type: 'uuid', nullable: true })
  token: string | null;

  @Column({
    length: 20,
    default: 'x',
    transformer: { to: (text?: string) => text?.trim(), from: (text: string) => text },
  })
  note: string;

  @Field({ sensitive: true })
  @Column({ length: 20, default: 'hidden' })
  pin: string;

  @ManyToOne(() => Writer, (writer) => writer.books, { nullable: false, onDelete: 'CASCADE' })
  writer: Relation<Writer>;

  @ManyToOne(() => Writer, { nullable: true, onDelete: 'SET NULL' })
  editor: Relation<Writer> | null;

  @ManyToMany(() => Topic)
  @JoinTable({ name: 'lib_book_topics' })
  topics: Relation<Topic>[];

  @OneToMany(() => Review, (review) => review.book)
  reviews: Relation<Review>[];
}

@Entity('lib_review')
@Meta({ ordering: ['id'] })
export class Review {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 60 })
  text: string;

  @ManyToOne(() => Book, (book) => book.reviews, { nullable: false, onDelete: 'CASCADE' })
  book: Relation<Book>;

  @ManyToOne(() => Writer, { nullable: false, onDelete: 'CASCADE' })
  by: Relation<Writer>;
}

@Serializer(Writer, {
  fields: ['id', 'name', 'address.city', 'address.zip', 'books'],
  expand: { books: () => BookSerializer },
})
export class WriterSerializer extends ModelSerializer<Writer> {}

@Serializer(Topic, { fields: ['id', 'name'] })
export class TopicSerializer extends ModelSerializer<Topic> {}

@Serializer(Review, { fields: ['id', 'text', 'by'], expand: { by: () => WriterSerializer } })
export class ReviewSerializer extends ModelSerializer<Review> {}

@Serializer(Book, {
  fields: ['id', 'title', 'rank', 'state', 'writer', 'editor', 'topics', 'reviews', 'letters', 'pin'],
  writeOnly: ['pin'],
  nested: { reviews: ReviewSerializer },
  expand: { writer: () => WriterSerializer, topics: () => TopicSerializer },
})
export class BookSerializer extends ModelSerializer<Book> {
  @Computed({ type: 'integer', needs: ['title'] })
  letters({ title }: Book): number {
    return title.length;
  }
}

const LISTS = {
  access: 'public',
  serializer: BookSerializer,
  filters: [
    ...'id title state rank shelf loans weight price bought opens lentAt token note'.split(' '),
    ...'writer writer.name editor editor.address.city topics topics.name reviews.text reviews.by.name'.split(' '),
  ],
  filterExpression: true,
  search: 'title ^writer.name =rank =loans =price =bought =token =state =weight'.split(' '),
  ordering: 'title rank price lentAt writer.name editor.name'.split(' '),
} as const;

@ViewSet(Book, { ...LISTS, path: 'books', pagination: pages({ size: 3, maxSize: 50, countUpTo: 5 }) })
export class BookViewSet extends ModelViewSet<Book> {}

@ViewSet(Book, { ...LISTS, path: 'feed', pagination: cursor({ size: 3 }), defaultOrdering: ['-rank'] })
export class FeedViewSet extends ModelViewSet<Book> {}

@ViewSet(Book, { ...LISTS, path: 'shelves', pagination: limitOffset({ size: 3 }) })
export class ShelfViewSet extends ModelViewSet<Book> {}

@ViewSet(Writer, { path: 'writers', access: 'public', serializer: WriterSerializer })
export class WriterViewSet extends ModelViewSet<Writer> {}

@App({ name: 'lib', entities: [Writer, Topic, Book, Review] })
@Module({ controllers: [BookViewSet, FeedViewSet, ShelfViewSet, WriterViewSet] })
export class LibraryModule {}

/** The library on a database, with two writers and a number of books. */
export async function openLibrary(url: string | undefined, books: number): Promise<TestApp> {
  const app = await createTestApp({ apps: [LibraryModule], ...(url !== undefined && { database: url }) });
  const ada = await app.create(Writer, { name: 'Ada', address: { city: 'Bath', zip: 'BA1' } });
  const bo = await app.create(Writer, { name: 'Bo', address: { city: 'Ulm', zip: '89' } });
  const topics = [await app.create(Topic, { name: 'sea' }), await app.create(Topic, { name: 'land' })];
  for (let number = 0; number < books; number += 1) {
    const writer = number % 2 === 0 ? ada : bo;
    const editor = number % 3 === 0 ? bo : null;
    const book = await app.create(Book, { title: `b${number}`, rank: Math.floor(number / 2), writer, editor, topics });
    await app.create(Review, { text: `r${number}`, book, by: bo });
    await app.create(Review, { text: `s${number}`, book, by: ada });
  }
  return app;
}
