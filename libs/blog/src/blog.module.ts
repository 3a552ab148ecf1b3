import { Module } from '@nestjs/common';
import { App } from 'bowerbird/orm';

import { AuthorViewSet, CommentViewSet, PostViewSet, TagViewSet } from './api/blog.viewsets.js';
import { Author } from './author.entity.js';
import { CommentAdmin } from './comment.admin.js';
import { Comment } from './comment.entity.js';
import { Post } from './post.entity.js';
import { SeedBlogCommand } from './seed-blog.command.js';
import { Tag } from './tag.entity.js';

/** A blog: authors, posts, tags and comments, with an admin, an API and a command that fills it. */
@App({
  name: 'blog',
  label: 'Blog',
  entities: [Post, Author, Tag, Comment],
  migrations: new URL('./migrations/', import.meta.url),
})
@Module({
  controllers: [PostViewSet, AuthorViewSet, TagViewSet, CommentViewSet],
  providers: [SeedBlogCommand, CommentAdmin],
})
export class BlogModule {}
