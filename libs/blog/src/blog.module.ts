import { Module } from '@nestjs/common';
import { App } from 'bowerbird/orm';

import { Author } from './author.entity.js';
import { CommentAdmin } from './comment.admin.js';
import { Comment } from './comment.entity.js';
import { Post } from './post.entity.js';
import { SeedBlogCommand } from './seed-blog.command.js';
import { Tag } from './tag.entity.js';

/** A blog: authors, posts, tags and comments, with a command that fills it. */
@App({
  name: 'blog',
  label: 'Blog',
  entities: [Post, Author, Tag, Comment],
  migrations: new URL('./migrations/', import.meta.url),
})
@Module({ providers: [SeedBlogCommand, CommentAdmin] })
export class BlogModule {}
