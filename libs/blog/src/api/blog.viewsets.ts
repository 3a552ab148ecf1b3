import { Action, cursor, Instance, ModelViewSet, ViewSet } from 'bowerbird/api';
import { currentUser } from 'bowerbird/auth';
import { Clock } from 'bowerbird/core';
import { type HttpRequest } from 'bowerbird/http';
import { Database, type QuerySet } from 'bowerbird/orm';

import { Author } from '../author.entity.js';
import { Comment } from '../comment.entity.js';
import { PostStatus } from '../post-status.js';
import { Post } from '../post.entity.js';
import { Tag } from '../tag.entity.js';
import { AuthorSerializer, CommentSerializer, PostSerializer, TagSerializer } from './blog.serializers.js';

/** Posts: visitors read what is published, staff everything. */
@ViewSet(Post, {
  path: 'posts',
  serializer: PostSerializer,
  access: { read: 'public' },
  filters: ['status', 'author', 'tags', 'tags.slug', 'featured', 'publishedAt', 'readingMinutes'],
  search: ['title', 'summary', 'author.name'],
  ordering: ['publishedAt', 'title', 'readingMinutes'],
  pagination: cursor({ size: 20 }),
  summary: 'Articles of the blog',
})
export class PostViewSet extends ModelViewSet<Post> {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {
    super();
  }

  override scope(_request: HttpRequest, rows: QuerySet<Post>): QuerySet<Post> {
    return currentUser()?.isStaff ? rows : rows.filter({ status: PostStatus.Published });
  }

  @Action({ detail: true, method: 'post', summary: 'Lets readers see the post' })
  async publish(@Instance() post: Post): Promise<Post> {
    post.status = PostStatus.Published;
    post.publishedAt ??= this.clock.now();
    return this.database.save(post);
  }
}

/** Authors who write. */
@ViewSet(Author, {
  path: 'authors',
  serializer: AuthorSerializer,
  access: { read: 'public' },
  actions: ['list', 'retrieve', 'update', 'partialUpdate'],
  filters: ['active', 'joined'],
  search: ['name'],
  ordering: ['name', 'joined'],
  summary: 'Who writes the posts',
})
export class AuthorViewSet extends ModelViewSet<Author> {}

/** Subjects, by the names that they have in addresses. */
@ViewSet(Tag, {
  path: 'tags',
  serializer: TagSerializer,
  lookup: 'slug',
  access: { read: 'public' },
  search: ['name'],
  ordering: ['name'],
  summary: 'Subjects of posts',
})
export class TagViewSet extends ModelViewSet<Tag> {}

/** Comments: visitors read what is approved, and nobody changes what others said. */
@ViewSet(Comment, {
  path: 'comments',
  serializer: CommentSerializer,
  actions: ['list', 'retrieve', 'create', 'destroy'],
  access: { read: 'public' },
  filters: ['post', 'createdAt'],
  ordering: ['createdAt'],
  summary: 'What readers say',
})
export class CommentViewSet extends ModelViewSet<Comment> {
  override scope(_request: HttpRequest, rows: QuerySet<Comment>): QuerySet<Comment> {
    return currentUser()?.isStaff ? rows : rows.filter({ approved: true, 'post.status': PostStatus.Published });
  }
}
