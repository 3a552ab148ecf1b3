import { Encrypted, Field } from 'bowerbird/orm';
import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Owner {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 20 }) name: string;
}

export class Place {
  @Column({ type: 'varchar', length: 5, nullable: true }) zone: string | null;
}

/** A column of every kind, each of which may stay empty. */
@Entity()
export class Entry {
  @PrimaryGeneratedColumn() id: number;
  @Column({ type: 'varchar', length: 5, nullable: true }) code: string | null;
  @Column({ type: 'text', nullable: true }) body: string | null;
  @Column({ type: 'int', nullable: true }) count: number | null;
  @Column({ type: 'smallint', nullable: true }) small: number | null;
  @Column({ type: 'int', unsigned: true, nullable: true }) plus: number | null;
  @Column({ type: 'bigint', nullable: true }) big: string | null;
  @Column({ type: 'double', nullable: true }) ratio: number | null;
  @Column({ type: 'decimal', precision: 6, scale: 2, nullable: true }) price: string | null;
  @Column({ type: 'boolean', nullable: true }) ok: boolean | null;
  @Column({ type: 'date', nullable: true }) day: string | null;
  @Column({ type: 'time', nullable: true }) clock: string | null;
  @Column({ type: 'datetime', nullable: true }) at: Date | null;
  @Column({ type: 'uuid', nullable: true }) key: string | null;
  @Column({ type: 'simple-json', nullable: true }) data: unknown;
  @Column({ type: 'enum', enum: ['new', 'used'], nullable: true }) state: 'new' | 'used' | null;
  @Column({
    type: 'varchar',
    length: 5,
    nullable: true,
    transformer: {
      to: (value?: string | null) => value?.toLowerCase(),
      from: (value: string | null) => value?.toUpperCase() ?? null,
    },
  })
  motto: string | null;
  @Field({ sensitive: true }) @Column({ type: 'int', nullable: true }) pin: number | null;
  @Encrypted() @Column({ type: 'varchar', length: 90, nullable: true }) note: string | null;
  @Column(() => Place) place: Place;
  @ManyToOne(() => Owner, { nullable: true, onDelete: 'CASCADE' }) owner: Relation<Owner> | null;

  /** Of the class, not of the table. */
  shown?: string;
}

/** A property, a value that its column does not take, and what the message says that it takes. */
export const UNFIT: readonly (readonly [path: string, value: unknown, expects: string])[] = [
  ['code', 'abcdef', 'text of at most 5 characters'],
  ['code', '😀😀😀😀😀😀', 'text of at most 5 characters'],
  ['code', { a: 1 }, 'well-formed text without NUL bytes'],
  ['code', true, 'well-formed text without NUL bytes'],
  ['body', 'a\0b', 'well-formed text without NUL bytes'],
  ['body', 'a\ud800', 'well-formed text without NUL bytes'],
  ['count', 'abc', 'an integer'],
  ['count', 1.5, 'an integer'],
  ['count', Number.NaN, 'an integer'],
  ['count', 2_147_483_648, 'an integer from -2147483648 to 2147483647'],
  ['small', 32_768, 'an integer from -32768 to 32767'],
  ['plus', -1, 'an integer from 0 to 2147483647'],
  ['big', '9223372036854775808', 'an integer of 64 bits'],
  ['big', 2 ** 60, 'an integer of 64 bits'],
  ['ratio', 'much', 'a number'],
  ['ratio', Number.POSITIVE_INFINITY, 'a number'],
  ['price', '10000', 'a decimal number with at most 4 digits before the point'],
  ['price', '9999.995', 'a decimal number with at most 4 digits before the point'],
  ['price', 'dear', 'a decimal number'],
  ['ok', 'maybe', 'true or false'],
  ['day', '2024-02-31', 'a date (YYYY-MM-DD)'],
  ['clock', '25:00', 'a time (HH:MM:SS)'],
  ['at', 'rubbish', 'a date and time (ISO 8601)'],
  ['at', new Date(Number.NaN), 'a date and time (ISO 8601)'],
  ['key', 'abc', 'a UUID'],
  ['data', { n: 1n }, 'a value that JSON can hold'],
  ['data', { text: 'a\0' }, 'JSON without NUL bytes and halves of surrogate pairs'],
  ['state', 'gone', 'one of new, used'],
  ['motto', 'abcdef', 'text of at most 5 characters'],
  ['motto', 5, 'a value that its transformer accepts'],
  ['owner', 'me', 'an integer'],
  ['place.zone', 'Europe', 'text of at most 5 characters'],
];

/** Values at the edges of what columns take, and how a property has them afterwards. */
export const FITTING: readonly (readonly [path: string, value: unknown, read?: unknown])[] = [
  ['code', 'abcde'],
  ['code', '😀😀😀😀😀'],
  ['code', 12, '12'],
  ['body', 'a\\0b'],
  ['count', -2_147_483_648],
  ['count', ' 7 ', 7],
  ['small', -32_768],
  ['plus', 2_147_483_647],
  ['big', '9223372036854775807'],
  ['big', 12n, '12'],
  ['ratio', 1e300],
  ['price', '9999.994', '9999.99'],
  ['price', 1e-7, '0.00'],
  ['ok', 'true', true],
  ['ok', 0, false],
  ['day', new Date('2024-02-29T23:30:00Z'), '2024-02-29'],
  ['at', '2024-02-29T10:00:00+01:00', new Date('2024-02-29T09:00:00Z')],
  ['key', 'D41D8CD98F00B204E9800998ECF8427E', 'd41d8cd9-8f00-b204-e980-0998ecf8427e'],
  ['data', { text: 'a\\u0000b', list: [1, null] }],
  ['data', 'text'],
  ['data', '{"a":1}'],
  ['data', 7],
  ['data', false],
  ['motto', 'AbCdE', 'ABCDE'],
];
