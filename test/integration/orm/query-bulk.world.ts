import { Injectable } from '@nestjs/common';
import { OnWrite, WriteListener, type EntityDescription, type WriteEvent } from 'bowerbird/orm';
import {
  BeforeInsert,
  ChildEntity,
  Column,
  CreateDateColumn,
  Entity,
  Index,
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
export class Maker {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40, unique: true }) name: string;
}

export class Size {
  @Column({ type: 'int', nullable: true }) width: number | null;
  @Column({ type: 'varchar', length: 5, default: 'cm' }) unit: string;
}

/** Every kind of column that a new row may fill or leave to the database. */
@Entity()
@Unique(['maker', 'code'])
export class Item {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 60, unique: true }) slug: string;
  @Column({ type: 'varchar', length: 20, nullable: true }) code: string | null;
  @Column({ type: 'decimal', precision: 10, scale: 2, default: '1.50' }) price: string;
  @Column({ default: 5 }) stock: number;
  @Column({ default: true }) active: boolean;
  @Column({ type: 'bigint', default: '9007199254740993' }) views: string;
  @Column({ type: 'simple-json', nullable: true }) data: Record<string, unknown> | null;
  @Column({ type: 'date', nullable: true }) day: string | null;
  @Column({ type: 'datetime', nullable: true }) at: Date | null;
  @Column({ type: 'enum', enum: ['new', 'used'], default: 'new' }) state: 'new' | 'used';
  @Column({
    type: 'varchar',
    length: 20,
    nullable: true,
    transformer: {
      to: (value?: string | null) => value?.toLowerCase(),
      from: (value: string | null) => value?.toUpperCase() ?? null,
    },
  })
  motto: string | null;
  @Column({ type: 'varchar', length: 20, default: 'hidden', select: false }) secret?: string;
  @Column(() => Size) size: Size;
  @ManyToOne(() => Maker, { nullable: true, onDelete: 'CASCADE' }) maker: Relation<Maker> | null;
  @ManyToMany(() => Maker) @JoinTable() sellers: Relation<Maker>[];
  @CreateDateColumn() createdAt: Date;
  @UpdateDateColumn() updatedAt: Date;
  @VersionColumn() version: number;
}

@Entity()
export class Ticket {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 20 }) name: string;
  @Column({ length: 20 }) shout: string;

  @BeforeInsert()
  raise(): void {
    this.shout ??= `${this.name}!`;
  }
}

/** A key of two columns, one of them a reference. */
@Entity()
export class Seat {
  @PrimaryColumn() makerId: number;
  @PrimaryColumn({ length: 10 }) place: string;
  @Column({ default: 0 }) taken: number;
  @ManyToOne(() => Maker, { onDelete: 'CASCADE' }) @JoinColumn({ name: 'makerId' }) maker: Relation<Maker>;
}

@Entity()
export class Ledger {
  @PrimaryColumn({ type: 'bigint' }) id: string;
  @Column({ type: 'decimal', precision: 15, scale: 2 }) amount: string;
}

/** Unique among the open ones alone. */
@Entity()
@Index(['name'], { unique: true, where: "state = 'open'" })
export class Case {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @Column({ length: 10, default: 'open' }) state: string;
}

@Entity()
@TableInheritance({ column: { name: 'kind', type: 'varchar', length: 10 } })
export class Media {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) title: string;
}

@ChildEntity()
export class Film extends Media {
  @Column({ type: 'int', nullable: true }) minutes: number | null;
}

@Entity()
@Tree('closure-table')
export class Place {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
  @TreeParent() parent: Relation<Place> | null;
  @TreeChildren() children: Relation<Place>[];
}

export const BULK = [Maker, Item, Ticket, Seat, Ledger, Case, Media, Film, Place];

/** Hears of seats and tickets. */
@OnWrite()
@Injectable()
export class BulkRecorder extends WriteListener {
  readonly events: WriteEvent[] = [];

  interested({ name }: EntityDescription): boolean {
    return name === 'Seat' || name === 'Case';
  }

  async written(event: WriteEvent): Promise<void> {
    this.events.push(event);
  }

  /** What was heard since the last call. */
  heard(): readonly WriteEvent[] {
    return this.events.splice(0);
  }
}
