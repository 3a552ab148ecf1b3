import { QUERY_LOG, runWith, type QueryRecord } from 'bowerbird/core';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  RelationId,
  type Relation,
} from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';

@Entity()
class Team {
  @PrimaryGeneratedColumn({ type: 'bigint' }) id: string;
  @Column() name: string;
}

@Entity()
class Topic {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

@Entity()
class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @ManyToOne(() => Team, { eager: true, nullable: true }) team: Relation<Team> | null;
  @RelationId(({ team }: Author) => team) teamId: string | null;
  @ManyToMany(() => Topic, { eager: true }) @JoinTable() topics: Relation<Topic[]>;
  @OneToMany(() => Article, ({ author }) => author) articles: Relation<Article[]>;
}

@Entity()
class Article {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Author, ({ articles }) => articles, { eager: true }) author: Relation<Author>;
  @RelationId(({ author }: Article) => author) authorId: number;
}

describe('eager relations', () => {
  eachDatabase((database) => {
    let app: OrmTestApp;
    beforeAll(async () => {
      app = await openOrm({ database: database.url, entities: [Team, Topic, Author, Article] });
      const team = await app.db.objects(Team).create({ name: 'Ops' });
      const topics = [await app.db.objects(Topic).create({ name: 'SQL' })];
      const ada = await app.db.save(Object.assign(new Author(), { name: 'Ada', team, topics }));
      const bob = await app.db.save(Object.assign(new Author(), { name: 'Bob', team: null, topics: [] }));
      await app.db.objects(Article).create({ title: 'A', author: ada });
      await app.db.objects(Article).create({ title: 'B', author: bob });
    });
    afterAll(() => app?.close());
    const articles = () => app.db.objects(Article).orderBy('title');

    it('come along as with repositories, by joins and by one statement for each list', async () => {
      const log: QueryRecord[] = [];
      const rows = await runWith(QUERY_LOG, log, () => articles().all());
      expect(log).toHaveLength(2);
      expect(rows).toStrictEqual(await app.db.dataSource.getRepository(Article).find({ order: { title: 'ASC' } }));
      expect(rows[0]).toMatchObject({ author: { name: 'Ada', team: { name: 'Ops' }, topics: [{ name: 'SQL' }] } });
    });

    it('come along with related rows and through junctions', async () => {
      const [ada] = await app.db.objects(Author).prefetchRelated('articles').orderBy('name').all();
      expect(ada!.articles).toMatchObject([{ title: 'A', author: { name: 'Ada', team: { name: 'Ops' } } }]);
      const some = await app.db.related(ada!, 'articles').all();
      expect(some).toMatchObject([{ author: { team: { name: 'Ops' } } }]);
    });

    it('stay away where fields are chosen or they are deferred', async () => {
      const log: QueryRecord[] = [];
      await runWith(QUERY_LOG, log, () => articles().only('title').all());
      const [row] = await articles().defer('author').all();
      expect([log.length, row!.title, Object.hasOwn(row!, 'author')]).toEqual([1, 'A', false]);
      expect(await articles().values('title').all()).toEqual([{ title: 'A' }, { title: 'B' }]);
      expect(await articles().filter({ 'author.team.name': 'Ops' }).count()).toBe(1);
    });

    it('leave keys in properties made by @RelationId', async () => {
      const [ada, bob] = await app.db.objects(Author).orderBy('name').all();
      expect([ada!.teamId, bob!.teamId]).toEqual([ada!.team!.id, null]);
      expect((await articles().first())!.authorId).toBe(ada!.id);
    });

    it('do not stand in the way of locks', async () => {
      const locked = await app.db.atomic(() => articles().selectForUpdate().all());
      expect(locked).toHaveLength(2);
    });
  });
});
