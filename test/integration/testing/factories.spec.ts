import { Field } from 'bowerbird/orm';
import { Factory, factory, FactoryError, lazy, sequence, subFactory } from 'bowerbird/testing';
import { IsEmail, IsIn, Max, MaxLength, Min, MinLength } from 'class-validator';
import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) name: string;
  @Column({ unique: true }) @IsEmail() email: string;
}

class Place {
  @Column({ length: 10 }) town: string;
  @Column({ type: 'varchar', nullable: true }) street: string | null;
}

enum Mood {
  Glad = 'glad',
  Sad = 'sad',
}

@Entity()
@Unique(['author', 'slug'])
class Post {
  @PrimaryGeneratedColumn('uuid') id: string;
  @Column({ length: 80 }) title: string;
  @Column({ length: 80 }) @Field({ format: 'slug' }) slug: string;
  @Column({ type: 'varchar', length: 10, default: 'draft' }) status: 'draft' | 'live';
  @Column({ type: 'datetime', nullable: true }) publishedAt: Date | null;
  @ManyToOne(() => Author, { nullable: false }) author: Relation<Author>;
  @ManyToOne(() => Author, { nullable: true }) editor: Relation<Author> | null;
  @ManyToMany(() => Author) @JoinTable() fans: Relation<Author>[];

  shout(): string {
    return this.title.toUpperCase();
  }
}

/** Everything that a factory has to make up. */
@Entity()
class Sample {
  @PrimaryColumn({ length: 8 }) code: string;
  @Column({ type: 'varchar', length: 12, unique: true }) @MinLength(10) name: string;
  @Column({ type: 'varchar', length: 3, unique: true }) tiny: string;
  @Column({ type: 'text' }) @MaxLength(6) words: string;
  @Column({ type: 'enum', enum: Mood }) mood: Mood;
  @Column({ type: 'varchar', length: 5 }) @IsIn(['a', 'b']) letter: string;
  @Column({ type: 'integer' }) @Min(5) @Max(6) five: number;
  @Column({ type: 'bigint' }) big: string;
  @Column({ type: 'decimal', precision: 4, scale: 2 }) price: string;
  @Column({ type: 'float' }) ratio: number;
  @Column() ready: boolean;
  @Column({ type: 'date' }) day: string;
  @Column({ type: 'time' }) opens: string;
  @Column({ type: 'datetime' }) at: Date;
  @Column({ type: 'uuid' }) token: string;
  @Column({ type: 'json' }) data: object;
  @Column({ type: 'blob' }) bytes: Buffer;
  @Column(() => Place) place: Place;
  @OneToOne(() => Author, { nullable: false }) @JoinColumn() owner: Relation<Author>;
  @Column({ type: 'integer' }) size = 7;
}

describe('factories', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Author, Post, Sample] });
    });
    afterAll(() => app.close());

    it('store rows with given values, sequences, other factories and values that follow', async () => {
      const authors = factory(Author, { name: 'Ann' }, { seed: 100 }).using(app);
      const posts = factory(Post, {
        title: sequence((n) => `Post ${n}`),
        slug: lazy((post: Post) => post.title.toLowerCase().replace(' ', '-')),
        author: subFactory(authors),
      }).using(app);
      const first = await posts.create({ status: 'live' });
      const [second, third] = await posts.createMany(2, (index) => ({ fans: index === 0 ? [first.author] : [] }));
      const stored = await app.db.objects(Post).selectRelated('author').prefetchRelated('fans').orderBy('title').all();
      expect(stored.map(({ title, slug, status, author }) => [title, slug, status, author.name])).toEqual([
        ['Post 1', 'post-1', 'live', 'Ann'],
        ['Post 2', 'post-2', 'draft', 'Ann'],
        ['Post 3', 'post-3', 'draft', 'Ann'],
      ]);
      expect(stored[1]!.fans).toHaveLength(1);
      expect(new Set([first, second!, third!].map(({ author }) => author.email)).size).toBe(3);
      expect(first.shout()).toBe('POST 1');
    });

    it('make up what is required, so that it fits and differs', async () => {
      const samples = factory(Sample, {}, { seed: 1_000 }).using(app);
      const rows = await samples.createMany(3);
      expect(new Set(rows.flatMap(({ code, name, tiny }) => [code, name, tiny])).size).toBe(9);
      expect(rows[0]).toMatchObject({ name: 'Name 01001', letter: 'a', five: 5, ready: false, size: 7 });
      const [stored] = await app.db.objects(Sample).selectRelated('owner').orderBy('code').all();
      expect(stored).toMatchObject({ mood: Mood.Glad, place: { town: 'Town 1001', street: null }, data: {} });
      expect(stored!.owner.email).toMatch(/@example\.com$/);
    });

    it('build rows without storing anything', async () => {
      const before = await app.db.objects(Author).count();
      const post = factory(Post).using(app.db).build({ title: 'Hello' });
      expect(post).toBeInstanceOf(Post);
      expect(post).toMatchObject({ title: 'Hello', slug: 'slug-1', author: { name: 'Name 1' } });
      expect([post.id, post.author.id, post.status]).toEqual([undefined, undefined, undefined]);
      expect(await app.db.objects(Author).count()).toBe(before);
    });

    it('take the values of traits, the last one first', async () => {
      const posts = factory(
        Post,
        { title: 'T' },
        { traits: { live: { status: 'live', publishedAt: new Date(0) }, late: { publishedAt: new Date(1) } } },
      ).using(app);
      const { status, publishedAt } = posts.with('live', 'late').build();
      expect([status, publishedAt]).toEqual(['live', new Date(1)]);
      expect(posts.build().status).toBeUndefined();
      expect(() => posts.with('dead' as 'live')).toThrow(/no trait "dead"/);
    });

    it('make the same values for the same seed', () => {
      const make = (seed: number) =>
        factory(
          Post,
          {
            title: sequence(
              (n, random) => `${n} ${random.integer(1, 1e9)} ${random.pick(['a', 'b'])} ${random.uuid()}`,
            ),
          },
          { seed },
        )
          .using(app)
          .build().title;
      expect(make(4)).toBe(make(4));
      expect(make(4)).not.toBe(make(5));
    });

    it('say what they cannot make', () => {
      expect(() =>
        factory(Author, { nmae: 'x' } as object)
          .using(app)
          .build(),
      ).toThrow(/Did you mean "name"/);
      expect(() => factory(Author).build()).toThrow(FactoryError);
    });
  });

  it('are typed by their entity', () => {
    const posts: Factory<Post, 'live'> = factory(Post, {}, { traits: { live: { status: 'live' } } });
    // @ts-expect-error no such status
    factory(Post, { status: 'gone' });
    // @ts-expect-error a method is no property
    factory(Post, { shout: () => '' });
    // @ts-expect-error a sequence of numbers is no title
    factory(Post, { title: sequence((n) => n) });
    // @ts-expect-error no such trait
    expect(() => posts.with('dead')).toThrow();
  });
});
