import { Module } from '@nestjs/common';
import {
  Action,
  Computed,
  Instance,
  ModelSerializer,
  ModelViewSet,
  Serializer,
  ViewSet,
  type InputContext,
} from 'bowerbird/api';
import { currentUser, Policy, User, type EntityPolicy } from 'bowerbird/auth';
import { ValidationError } from 'bowerbird/forms';
import { type HttpRequest } from 'bowerbird/http';
import { App, Database, Field, Meta, type QuerySet } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestSettings } from 'bowerbird/testing';
import { Min } from 'class-validator';
import {
  Column,
  CreateDateColumn,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Unique,
  type Relation,
} from 'typeorm';

/** A small magazine with an API: what the suites of the API work on. */
@Entity('mag_author')
@Meta({ ordering: ['name'], display: 'name' })
export class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 40 })
  name: string;

  @Column({ length: 80, unique: true })
  @Field({ format: 'email' })
  email: string;

  @Column({ length: 40, default: '' })
  @Field({ sensitive: true, blank: true })
  pin: string;

  @OneToMany(() => Article, (article) => article.author)
  articles: Relation<Article>[];
}

@Entity('mag_tag')
@Meta({ ordering: ['name'], display: 'name' })
export class Tag {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 30, unique: true })
  name: string;
}

@Entity('mag_article')
@Meta({ ordering: ['id'], display: 'title' })
@Unique(['author', 'title'])
export class Article {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 60 })
  title: string;

  @ManyToOne(() => Author, (author) => author.articles, { nullable: false, onDelete: 'RESTRICT' })
  author: Relation<Author>;

  @ManyToMany(() => Tag)
  @JoinTable({ name: 'mag_article_tags' })
  @Field({ blank: true })
  tags: Relation<Tag>[];

  @Column({ type: 'simple-enum', enum: ['draft', 'published'], default: 'draft' })
  status: 'draft' | 'published';

  @Column({ type: 'int', default: 1 })
  @Min(1)
  rank: number;

  @Column({ type: 'decimal', precision: 8, scale: 2, nullable: true })
  price: string | null;

  @Column({ type: 'bigint', nullable: true })
  views: string | null;

  @Column({ type: Date, nullable: true })
  publishedAt: Date | null;

  @Column({ type: 'date', nullable: true })
  day: string | null;

  @Column({ default: false })
  featured: boolean;

  @Column({ type: 'simple-json', nullable: true })
  extra: unknown;

  @Column({ type: 'text', default: '' })
  @Field({ blank: true })
  body: string;

  @Column({ type: 'int', nullable: true })
  ownerId: number | null;

  @CreateDateColumn()
  createdAt: Date;

  @OneToMany(() => Remark, (remark) => remark.article)
  remarks: Relation<Remark>[];
}

@Entity('mag_remark')
@Meta({ ordering: ['id'] })
export class Remark {
  @PrimaryGeneratedColumn()
  id: number;

  @ManyToOne(() => Article, (article) => article.remarks, { nullable: false, onDelete: 'CASCADE' })
  article: Relation<Article>;

  @Column({ length: 100 })
  text: string;

  @Column({ type: 'int', default: 0 })
  @Min(0)
  stars: number;
}

/** A note that only its owner may see. */
@Entity('mag_note')
@Meta({ ordering: ['id'] })
export class Note {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ length: 80 })
  text: string;

  @Column({ type: 'int' })
  owner: number;
}

@Policy(Note)
export class NotePolicy implements EntityPolicy<Note, User> {
  scope(user: User, notes: QuerySet<Note>): QuerySet<Note> {
    return notes.filter({ owner: user.id });
  }

  view = () => true;
  add = () => true;
  change = () => true;
  delete = () => true;
}

@Serializer(Author, { fields: ['id', 'name', 'email', 'pin'], writeOnly: ['pin'] })
export class AuthorSerializer extends ModelSerializer<Author> {}

@Serializer(Tag, { fields: ['id', 'name'] })
export class TagSerializer extends ModelSerializer<Tag> {}

@Serializer(Remark, { fields: ['id', 'text', 'stars'] })
export class RemarkSerializer extends ModelSerializer<Remark> {}

@Serializer(Article, {
  fields: [
    'id',
    'title',
    'author',
    'authorName',
    'tags',
    'status',
    'rank',
    'price',
    'views',
    'publishedAt',
    'day',
    'featured',
    'extra',
    'text',
    'words',
    'createdAt',
  ],
  source: { authorName: 'author.name', text: 'body' },
  expand: { author: () => AuthorSerializer, tags: () => TagSerializer },
})
export class ArticleSerializer extends ModelSerializer<Article> {
  @Computed({ type: 'integer', needs: ['body'] })
  words(article: Article): number {
    return article.body.split(/\s+/).filter(Boolean).length;
  }

  validateTitle(title: string): string {
    if (title === 'forbidden') throw new ValidationError('Choose another title');
    return title.trim();
  }

  override validate(values: Partial<Article>, context: InputContext<Article>): void {
    if (values.status === 'published' && values.day === null) context.addError('day', 'Say when');
  }
}

/** An article with its remarks inside of it. */
@Serializer(Article, {
  fields: ['id', 'title', 'author', 'remarks', 'tags'],
  nested: {
    author: { serializer: () => AuthorSerializer, writable: true },
    remarks: { serializer: () => RemarkSerializer, writable: true, missing: 'replace' },
    tags: TagSerializer,
  },
})
export class WholeArticleSerializer extends ModelSerializer<Article> {}

@ViewSet(Article, {
  path: 'articles',
  serializer: ArticleSerializer,
  filters: ['status', 'rank', 'author', 'author.name', 'tags', 'price', 'publishedAt', 'featured'],
  search: ['title', '^author.name'],
  ordering: ['rank', 'title', 'publishedAt', 'author.name'],
})
export class ArticleViewSet extends ModelViewSet<Article> {
  constructor(private readonly database: Database) {
    super();
  }

  @Action({ detail: true, method: 'post' })
  async publish(@Instance() article: Article): Promise<Article> {
    article.status = 'published';
    return this.database.save(article);
  }

  @Action({ detail: false })
  async newest(): Promise<Article[]> {
    return this.database.objects(Article).orderBy('-id').slice(0, 1).all();
  }
}

@ViewSet(Article, { path: 'whole-articles', serializer: WholeArticleSerializer, access: 'authenticated' })
export class WholeArticleViewSet extends ModelViewSet<Article> {}

@ViewSet(Tag, { path: 'tags', fields: ['id', 'name'], access: { read: 'public' }, lookup: 'name', ordering: ['name'] })
export class TagViewSet extends ModelViewSet<Tag> {}

@ViewSet(Note, { path: 'notes', fields: ['id', 'text', 'owner'], access: 'authenticated' })
export class NoteViewSet extends ModelViewSet<Note> {}

/** Articles of the user alone, by a scope of the viewset. */
@ViewSet(Article, { path: 'mine', fields: ['id', 'title', 'author', 'ownerId'], access: 'authenticated' })
export class MineViewSet extends ModelViewSet<Article> {
  override scope(_request: HttpRequest, rows: QuerySet<Article>): QuerySet<Article> {
    return rows.filter({ ownerId: currentUser<User>()!.id });
  }
}

@App({ name: 'mag', entities: [Author, Tag, Article, Remark, Note] })
@Module({
  controllers: [ArticleViewSet, WholeArticleViewSet, TagViewSet, NoteViewSet, MineViewSet],
  providers: [NotePolicy],
})
export class MagazineModule {}

/** The magazine on a database; `settings` go over its own. */
export function openMagazine(url?: string, settings: TestSettings = {}): Promise<TestApp> {
  return createTestApp({ apps: [MagazineModule], ...(url !== undefined && { database: url }), ...settings });
}
