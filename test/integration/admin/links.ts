import { Injectable, Module } from '@nestjs/common';
import { Admin } from 'bowerbird/admin';
import { Policy, type AbstractUser, type EntityPolicy } from 'bowerbird/auth';
import { App, Database, Field, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { Column, Entity, JoinTable, ManyToMany, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('links_post')
@Meta({ display: 'title', audited: true })
@Admin({ list: ['title'], search: ['title'], saveAsNew: true })
export class Post {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 80 }) title: string;
  @ManyToMany(() => Tag, (tag) => tag.posts)
  @JoinTable({ name: 'links_post_tags' })
  @Field({ blank: true })
  tags: Tag[];
  /** Its target has no admin. */
  @ManyToMany(() => Mark)
  @JoinTable({ name: 'links_post_marks' })
  @Field({ blank: true })
  marks: Mark[];
}

@Entity('links_tag')
@Meta({ display: 'word', audited: true })
@Admin({ list: ['word'], search: ['word'], ordering: ['word'] })
export class Tag {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) word: string;
  @ManyToMany(() => Post, (post) => post.tags) posts: Post[];
}

/** The other side of the relation, named. */
@Entity('links_topic')
@Meta({ display: 'name' })
@Admin({ fields: ['name', 'pages'], search: ['name'] })
export class Topic {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToMany(() => Page, (page) => page.topics) @Field({ blank: true }) pages: Page[];
}

@Entity('links_page')
@Meta({ display: 'name' })
@Admin({ fields: ['name', 'topics'], readOnly: ['topics'], search: ['name'] })
export class Page {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToMany(() => Topic, (topic) => topic.pages) @JoinTable({ name: 'links_page_topics' }) topics: Topic[];
}

@Entity('links_mark')
@Meta({ display: 'name' })
export class Mark {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
}

/** A row whose key has two columns. */
@Entity('links_seat')
@Meta({ display: 'note' })
@Admin({ search: ['note'], ordering: ['note'] })
export class Seat {
  @PrimaryColumn({ length: 10 }) row: string;
  @PrimaryColumn({ type: 'int' }) number: number;
  @Column({ length: 40 }) note: string;
}

@Entity('links_hall')
@Meta({ display: 'name' })
@Admin({ search: ['name'] })
export class Hall {
  @PrimaryGeneratedColumn() id: number;
  @Column({ length: 40 }) name: string;
  @ManyToMany(() => Seat) @JoinTable({ name: 'links_hall_seats' }) @Field({ blank: true }) seats: Seat[];
}

/** Nobody but superusers sees secret tags. */
@Policy(Tag)
@Injectable()
class TagPolicy implements EntityPolicy<Tag> {
  scope(_user: AbstractUser, rows: QuerySet<Tag>): QuerySet<Tag> {
    return rows.exclude({ word__startswith: 'secret' });
  }
}

@App({ name: 'links', entities: [Post, Tag, Topic, Page, Mark, Seat, Hall], migrations: false })
@Module({ providers: [TagPolicy] })
export class LinksModule {}

/** Rows with many links, with their tables, empty. */
export async function bootLinks(settings: Partial<Parameters<typeof createTestApp>[0]> = {}): Promise<TestApp> {
  const app = await createTestApp({ apps: [LinksModule], ...settings }, { schema: 'none' });
  await app.get(Database).dataSource.synchronize();
  return app;
}
