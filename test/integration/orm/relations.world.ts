import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';

import { openOrm, type OrmTestApp, type OrmTestOptions } from '../../support/databases.js';

@Entity()
export class Team {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

/** Its relations are promises. */
@Entity()
export class Writer {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @ManyToOne(() => Team, { nullable: true })
  team: Promise<Relation<Team> | null>;

  @OneToMany(() => Article, (article) => article.writer)
  articles: Promise<Relation<Article>[]>;
}

@Entity()
export class Label {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;
}

@Entity()
export class Article {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  title: string;

  @ManyToOne(() => Writer, (writer) => writer.articles, { nullable: false })
  writer: Promise<Relation<Writer>>;

  @Column({ nullable: true, type: 'int' })
  editorId: number | null;

  /** Its key is a property as well. */
  @ManyToOne(() => Writer, { nullable: true })
  @JoinColumn({ name: 'editorId' })
  editor: Relation<Writer> | null;

  @ManyToOne(() => Team, { nullable: true })
  team: Relation<Team> | null;

  /** Known on this side only. */
  @ManyToMany(() => Label)
  @JoinTable()
  labels: Promise<Relation<Label>[]>;

  @OneToMany(() => Remark, (remark) => remark.article)
  remarks: Relation<Remark>[];
}

@Entity()
export class Remark {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  text: string;

  @ManyToOne(() => Article, (article) => article.remarks, { nullable: true, onDelete: 'CASCADE' })
  article: Relation<Article> | null;
}

export const PRESS = [Team, Writer, Label, Article, Remark];

/** Boots an application over the press, empty. */
export async function openPress(url: string, options: Partial<OrmTestOptions> = {}): Promise<OrmTestApp> {
  return openOrm({ database: url, entities: PRESS, ...options });
}

/** Six articles by three writers in two teams. */
export async function fillPress({ db }: OrmTestApp): Promise<void> {
  const teams = await db.save(['News', 'Sports'].map((name) => Object.assign(new Team(), { name })));
  const writers = ['Ada', 'Bo', 'Cy'].map((name, index) =>
    Object.assign(new Writer(), { name, team: Promise.resolve(teams[index] ?? null) }),
  );
  await db.save(writers);
  const labels = await db.save(['hot', 'old'].map((name) => Object.assign(new Label(), { name })));
  const articles = Array.from({ length: 6 }, (_, index) =>
    Object.assign(new Article(), {
      title: `Article ${index}`,
      writer: Promise.resolve(writers[index % 3]!),
      editorId: index % 2 === 0 ? writers[0]!.id : null,
      team: index < 4 ? teams[0] : null,
      labels: Promise.resolve(labels.slice(0, index % 3)),
    }),
  );
  await db.save(articles);
  await db.save(
    articles.slice(0, 3).map((article, index) => Object.assign(new Remark(), { text: `Remark ${index}`, article })),
  );
}
