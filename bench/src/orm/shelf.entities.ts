import { Module } from '@nestjs/common';
import { App } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, OneToMany, PrimaryColumn, PrimaryGeneratedColumn, type Relation } from 'typeorm';

/** One of 100 authors. */
@Entity()
export class Author {
  @PrimaryColumn()
  id: number;

  @Column({ length: 80 })
  name: string;

  @Column({ length: 120 })
  email: string;

  @Column()
  born: number;

  @OneToMany(() => Book, (book) => book.author)
  books: Relation<Book>[];
}

/** A row of ten columns of the usual kinds. */
@Entity()
export class Book {
  @PrimaryColumn()
  id: number;

  @Column({ length: 120 })
  title: string;

  @Column({ length: 120 })
  slug: string;

  @Column({ length: 20 })
  isbn: string;

  @Column()
  pages: number;

  @Column({ type: 'decimal', precision: 8, scale: 2 })
  price: string;

  @Column({ type: 'float', nullable: true })
  rating: number | null;

  @Column()
  inPrint: boolean;

  @Column({ type: 'date' })
  published: string;

  @Column({ type: 'datetime' })
  createdAt: Date;

  @ManyToOne(() => Author, (author) => author.books, { nullable: false })
  author: Relation<Author>;
}

/** One of a million loans. */
@Entity()
export class Loan {
  @PrimaryColumn()
  id: number;

  @Column({ length: 40 })
  reader: string;

  @Column()
  days: number;
}

/** A row whose key the database makes. */
@Entity()
export class Entry {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 120 })
  title: string;

  @Column({ length: 120 })
  slug: string;

  @Column()
  pages: number;

  @Column({ type: 'decimal', precision: 8, scale: 2 })
  price: string;

  @Column({ type: 'float', nullable: true })
  rating: number | null;

  @Column()
  inPrint: boolean;

  @Column({ type: 'date' })
  published: string;

  @Column({ type: 'datetime' })
  createdAt: Date;
}

/** The app of the bench. */
@App({ name: 'shelf', entities: [Author, Book, Entry, Loan] })
@Module({})
export class ShelfModule {}
