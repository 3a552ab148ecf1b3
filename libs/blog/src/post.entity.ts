import { Admin } from 'bowerbird/admin';
import { Field, Meta } from 'bowerbird/orm';
import { Matches, Min, MinLength } from 'class-validator';
import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';

import { Author } from './author.entity.js';
import { Comment } from './comment.entity.js';
import { PostStatus } from './post-status.js';
import { Tag } from './tag.entity.js';

/** An article. */
@Entity('blog_post')
@Meta({ ordering: ['-publishedAt', '-id'], display: 'title', audited: true })
@Admin({
  list: ['title', 'author', 'status', 'publishedAt', 'featured'],
  search: ['title', 'summary', 'author.name'],
  filters: ['status', 'featured', 'author', 'tags', 'publishedAt'],
  ordering: ['-publishedAt'],
  prepopulated: { slug: ['title'] },
  readOnly: ['createdAt', 'updatedAt'],
  fieldsets: [
    { fields: [['title', 'slug'], ['author', 'status'], 'tags'] },
    { title: 'Text', fields: ['summary', 'body', 'cover'] },
    { title: 'Publication', fields: [['publishedAt', 'readingMinutes'], 'featured', 'extra'] },
    { title: 'Dates', fields: [['createdAt', 'updatedAt']], collapsed: true },
  ],
})
@Index(['status', 'publishedAt'])
export class Post {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 160 })
  @MinLength(3)
  title: string;

  @Column({ length: 160, unique: true })
  @Matches(/^[a-z0-9]+(-[a-z0-9]+)*$/, { message: 'Use small letters, digits and single hyphens' })
  @Field({ format: 'slug', help: 'The last part of the address of the post' })
  slug: string;

  @ManyToOne(() => Author, (author) => author.posts, { onDelete: 'RESTRICT', nullable: false })
  author: Relation<Author>;

  @Column({ type: 'simple-enum', enum: PostStatus, default: PostStatus.Draft })
  status: PostStatus;

  @ManyToMany(() => Tag, (tag) => tag.posts)
  @JoinTable({ name: 'blog_post_tags' })
  @Field({ blank: true })
  tags: Relation<Tag>[];

  @Column({ length: 300, default: '' })
  @Field({ blank: true, help: 'Shown in lists and in search results' })
  summary: string;

  @Column({ type: 'text', default: '' })
  @Field({ format: 'markdown', blank: true })
  body: string;

  @Column({ type: String, length: 200, nullable: true })
  @Field({ format: 'image', label: 'Cover image' })
  cover: string | null;

  @Column({ type: Date, nullable: true })
  @Field({ label: 'Published', help: 'When readers may see it' })
  publishedAt: Date | null;

  @Column({ default: false })
  featured: boolean;

  @Column({ type: 'int', default: 1 })
  @Min(1)
  readingMinutes: number;

  @Column({ type: 'simple-json', nullable: true })
  @Field({ label: 'Extra data', help: 'Anything that templates want to know, as JSON' })
  extra: Record<string, unknown> | null;

  @CreateDateColumn()
  @Field({ label: 'Created' })
  createdAt: Date;

  @UpdateDateColumn()
  @Field({ label: 'Last changed' })
  updatedAt: Date;

  @OneToMany(() => Comment, (comment) => comment.post)
  comments: Relation<Comment>[];
}
