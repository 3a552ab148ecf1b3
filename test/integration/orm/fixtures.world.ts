import 'reflect-metadata';

import { Injectable } from '@nestjs/common';
import {
  Field,
  Meta,
  Observes,
  OnWrite,
  WriteListener,
  type EntityDescription,
  type Observer,
  type RelatedEvent,
  type SaveEvent,
  type WriteEvent,
} from 'bowerbird/orm';
import {
  ChildEntity,
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  Tree,
  TreeChildren,
  TreeParent,
  Unique,
  UpdateDateColumn,
  VersionColumn,
  type Relation,
} from 'typeorm';

@Entity()
@Meta({ naturalKey: ['code'] })
export class Country {
  @PrimaryColumn({ length: 2 }) code: string;
  @Column({ length: 80 }) name: string;
}

@Entity()
@Unique(['name', 'country'])
@Meta({ naturalKey: ['name', 'country'] })
export class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
  @ManyToOne(() => Country, { nullable: false }) country: Relation<Country>;
}

@Entity()
@Meta({ naturalKey: ['slug'] })
export class Genre {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) slug: string;
}

export class Size {
  @Column({ type: 'float', nullable: true }) height: number | null;
}

/** A sum that is an object in the application and a text in the database. */
export class Money {
  constructor(
    readonly amount: string,
    readonly currency: string,
  ) {}
}

@Entity()
@Unique(['title', 'author'])
@Meta({ naturalKey: ['title', 'author'] })
export class Book {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) title: string;
  @ManyToOne(() => Author, { nullable: false, onDelete: 'CASCADE' }) author: Relation<Author>;
  @ManyToOne(() => Book, { nullable: true, onDelete: 'SET NULL' }) sequelTo: Relation<Book> | null;
  @Column({ type: 'decimal', precision: 12, scale: 2, nullable: true }) price: string | null;
  @Column({ type: 'bigint', nullable: true }) isbn: string | null;
  @Column({ default: true }) inPrint: boolean;
  @Column({ type: 'date', nullable: true }) released: string | null;
  @Column({ type: 'time', nullable: true }) opens: string | null;
  @Column({ type: 'datetime', nullable: true }) readAt: Date | null;
  @Column({ type: 'json', nullable: true }) data: unknown;
  @Column({ type: 'blob', nullable: true }) cover: Buffer | null;
  @Column(() => Size) size: Size;
  @Column({ type: 'varchar', length: 40, default: '', select: false }) @Field({ sensitive: true }) token?: string;
  @Column({
    length: 20,
    default: '',
    transformer: { to: (text?: string) => text?.toLowerCase(), from: (text: string) => text },
  })
  motto: string;
  @Column({
    type: 'varchar',
    length: 40,
    nullable: true,
    transformer: {
      to: (money?: Money | null) => money && `${money.amount.toString()} ${money.currency.toUpperCase()}`,
      from: (text: string | null) => (text ? new Money(text.split(' ')[0]!, text.split(' ')[1]!) : null),
    },
  })
  fee: Money | null;
  @UpdateDateColumn() updatedAt: Date;
  @VersionColumn() revision: number;
  @ManyToMany(() => Genre) @JoinTable() genres: Relation<Genre>[];
}

@Entity()
export class Loan {
  @PrimaryColumn() year: number;
  @PrimaryColumn() number: number;
  @ManyToOne(() => Book, { nullable: true, onDelete: 'SET NULL' }) book: Relation<Book> | null;
}

@Entity()
export class Fine {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ type: 'varchar', length: 40 }) reason = 'late';
  @ManyToOne(() => Loan, { nullable: false })
  @JoinColumn([
    { name: 'loan_year', referencedColumnName: 'year' },
    { name: 'loan_number', referencedColumnName: 'number' },
  ])
  loan: Relation<Loan>;
}

/** A team has a captain and a player a team: rows that no order satisfies. */
@Entity()
export class Team {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Player, { nullable: true }) captain: Relation<Player> | null;
}

@Entity()
export class Player {
  @PrimaryColumn() id: number;
  @ManyToOne(() => Team, { nullable: false }) team: Relation<Team>;
}

@Entity()
@Meta({ naturalKey: ['name'] })
@Tree('materialized-path')
export class Shelf {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) name: string;
  @TreeParent() parent: Relation<Shelf> | null;
  @TreeChildren() children: Relation<Shelf>[];
}

@Entity()
@Tree('closure-table')
export class Room {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @TreeParent() parent: Relation<Room> | null;
  @TreeChildren() children: Relation<Room>[];
}

@Entity()
@Tree('nested-set')
export class Aisle {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @TreeParent() parent: Relation<Aisle> | null;
  @TreeChildren() children: Relation<Aisle>[];
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'kind' } })
export class Medium {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

@ChildEntity()
export class Disc extends Medium {
  @Column({ nullable: true }) speed: number;
}

export const LIBRARY = [Book, Author, Country, Genre, Loan, Fine, Team, Player, Shelf, Room, Aisle, Medium, Disc];

/** Remembers what signals say of books. */
@Observes(Book)
@Injectable()
export class BookObserver implements Observer<Book> {
  readonly heard: string[] = [];

  preSave({ raw }: SaveEvent<Book>): void {
    if (raw) this.heard.push('preSave');
  }

  postSave({ row, created, changed, raw }: SaveEvent<Book>): void {
    if (raw) this.heard.push(`${created ? 'created' : `changed ${changed.join(' ')} of`} ${row.title}`);
  }

  relatedChanged({ path, added, removed, raw }: RelatedEvent<Book>): void {
    if (raw) this.heard.push(`${path} +${added.length} -${removed.length}`);
  }
}

/** Remembers what it hears of books. */
@OnWrite()
@Injectable()
export class Recorder extends WriteListener {
  readonly events: WriteEvent[] = [];

  interested({ target }: EntityDescription): boolean {
    return target === Book;
  }

  async written(event: WriteEvent): Promise<void> {
    this.events.push(event);
  }
}
