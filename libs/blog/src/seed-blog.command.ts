import { Clock, Command, ManagementCommand, type CommandInput, type CommandIo } from 'bowerbird/core';
import { Database } from 'bowerbird/orm';
import { Disks } from 'bowerbird/storage';

import { Author } from './author.entity.js';
import { Comment } from './comment.entity.js';
import { PostStatus } from './post-status.js';
import { Post } from './post.entity.js';
import { AUTHORS, POSTS, TAGS, type SeedPost } from './seed/content.js';
import { drawCover } from './seed/cover.js';
import { Tag } from './tag.entity.js';

const DAY_MS = 86_400_000;
const WORDS_PER_MINUTE = 200;

/** Fills an empty blog with a few posts to look at. */
@Command({ name: 'seedblog', description: 'Fill an empty blog with example authors, posts and comments' })
export class SeedBlogCommand extends ManagementCommand {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly disks: Disks,
  ) {
    super();
  }

  async run(_input: CommandInput, io: CommandIo): Promise<void> {
    if (await this.database.objects(Author).exists()) return io.out('The blog has authors already.');
    await this.database.atomic(async () => {
      const authors = await this.saveAuthors();
      const tags = await this.saveTags();
      for (const post of POSTS) await this.savePost(post, authors, tags);
    });
    io.out(`Wrote ${POSTS.length} posts by ${AUTHORS.length} authors.`);
  }

  private async saveAuthors(): Promise<ReadonlyMap<string, Author>> {
    const authors = AUTHORS.map(([name, bio], index) =>
      Object.assign(new Author(), {
        name,
        bio,
        email: `${slug(name)}@example.com`,
        website: '',
        joined: this.daysAgo(900 - index * 140)
          .toISOString()
          .slice(0, 10),
        active: true,
      }),
    );
    await this.database.save(authors);
    return new Map(authors.map((author) => [author.name, author]));
  }

  private async saveTags(): Promise<ReadonlyMap<string, Tag>> {
    const tags = TAGS.map(([name, color]) => Object.assign(new Tag(), { name, color, slug: slug(name) }));
    await this.database.save(tags);
    return new Map(tags.map((tag) => [tag.name, tag]));
  }

  private async savePost(
    seed: SeedPost,
    authors: ReadonlyMap<string, Author>,
    tags: ReadonlyMap<string, Tag>,
  ): Promise<void> {
    const published = seed.status === PostStatus.Published || seed.status === PostStatus.Archived;
    const post = Object.assign(new Post(), {
      title: seed.title,
      slug: slug(seed.title),
      author: authors.get(seed.author)!,
      status: seed.status,
      tags: seed.tags.map((name) => tags.get(name)!),
      summary: seed.summary,
      body: seed.body,
      cover: await this.saveCover(seed),
      publishedAt: published ? this.daysAgo(seed.age) : null,
      featured: seed.featured ?? false,
      readingMinutes: Math.max(1, Math.round(seed.body.split(/\s+/).length / WORDS_PER_MINUTE)),
      extra: null,
    });
    await this.database.save(post);
    const comments = seed.comments.map(([name, body, approved]) =>
      Object.assign(new Comment(), { post, name, body, approved, email: `${slug(name)}@example.com` }),
    );
    if (comments.length > 0) await this.database.save(comments);
  }

  /** Pictures outlive the rows of an earlier database; a picture of the same post is the same. */
  private async saveCover({ title }: SeedPost): Promise<string> {
    const name = `covers/${slug(title)}.png`;
    if (await this.disks.default.exists(name)) return name;
    return this.disks.default.save(name, drawCover(POSTS.findIndex((post) => post.title === title)));
  }

  private daysAgo(days: number): Date {
    return new Date(this.clock.now().getTime() - days * DAY_MS);
  }
}

/** A text as small letters, digits and hyphens. */
function slug(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
