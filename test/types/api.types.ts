// What compiles and what does not around serializers and viewsets. Nothing of this runs.
import { VERSION_NEUTRAL } from '@nestjs/common';
import {
  Action,
  Computed,
  cursor,
  ModelSerializer,
  ModelViewSet,
  pages,
  Serializer,
  ViewSet,
  type ApiOptions,
  type InputContext,
} from 'bowerbird/api';
import { type HttpRequest } from 'bowerbird/http';
import { type QuerySet } from 'bowerbird/orm';

class Author {
  id: number;
  name: string;
}

class Post {
  id: number;
  title: string;
  author: Author;
}

// What compiles.
@Serializer(Author, { fields: ['id', 'name'] })
class AuthorSerializer extends ModelSerializer<Author> {}

@Serializer(Post, {
  fields: ['id', 'title', 'author', 'words'],
  nested: { author: { serializer: () => AuthorSerializer, writable: true } },
  hidden: { author: ({ user }) => user },
})
export class PostSerializer extends ModelSerializer<Post> {
  @Computed({ type: 'integer', needs: ['title'] })
  words(post: Post): number {
    return post.title.length;
  }

  override validate(_values: Partial<Post>, context: InputContext<Post>): void {
    if (context.row?.title === '') context.addError('title', 'Empty');
  }
}

@ViewSet(Post, {
  path: 'posts',
  serializer: PostSerializer,
  filters: { title: true, id: ['exact', 'in'] },
  access: { read: 'public', publish: { permissions: ['blog.publish_post'] } },
  pagination: cursor({ size: 20 }),
  version: ['2', VERSION_NEUTRAL],
})
export class PostViewSet extends ModelViewSet<Post> {
  override scope(_request: HttpRequest, rows: QuerySet<Post>): QuerySet<Post> {
    return rows.filter({ 'author.name': 'Ada' });
  }

  @Action({ detail: true, method: 'post' })
  publish(): void {}
}

// @ts-expect-error A serializer of another entity.
@Serializer(Post, { fields: ['id'] })
export class WrongSerializer extends ModelSerializer<Author> {}

// @ts-expect-error A viewset of another entity.
@ViewSet(Post, { path: 'posts', fields: ['id'] })
export class WrongViewSet extends ModelViewSet<Author> {}

// @ts-expect-error It says no path.
@ViewSet(Post, { fields: ['id'], pagination: pages() })
export class NoPath extends ModelViewSet<Post> {}

// @ts-expect-error No such access rule.
@ViewSet(Post, { path: 'posts', fields: ['id'], access: 'everybody' })
export class WrongAccess extends ModelViewSet<Post> {}

// @ts-expect-error No such standard action.
@ViewSet(Post, { path: 'posts', fields: ['id'], actions: ['remove'] })
export class WrongAction extends ModelViewSet<Post> {}

export class WrongScope extends ModelViewSet<Post> {
  // @ts-expect-error The rows of another entity.
  override scope(_request: HttpRequest, rows: QuerySet<Author>): QuerySet<Author> {
    return rows;
  }
}

export class WrongMethod extends ModelViewSet<Post> {
  // @ts-expect-error No such method.
  @Action({ detail: true, method: 'move' })
  moved(): void {}

  // @ts-expect-error Whether it is about one row has to be said.
  @Action({ method: 'post' })
  vague(): void {}
}

export class WrongComputed extends ModelSerializer<Post> {
  // @ts-expect-error No such type.
  @Computed({ type: 'decimal' })
  words(post: Post): number {
    return post.title.length;
  }
}

// @ts-expect-error No such way to write a reference.
@Serializer(Post, { fields: ['author'], references: { author: 'name' } })
export class WrongReference extends ModelSerializer<Post> {}

// @ts-expect-error A nested serializer is a class, not an object of one.
@Serializer(Post, { fields: ['author'], nested: { author: new AuthorSerializer() } })
export class WrongNested extends ModelSerializer<Post> {}

export const versions: ApiOptions['versions'] = {
  by: 'header',
  known: ['1', '2'],
  deprecated: { 1: { since: '2026-01-01' } },
};
// @ts-expect-error versions are texts
ViewSet(Post, { path: 'posts', version: 2 })(PostViewSet);
// @ts-expect-error no such place
export const misplaced: ApiOptions['versions'] = { by: 'cookie', known: ['1'] };
// @ts-expect-error which versions there are has to be said
export const unknown: ApiOptions['versions'] = { by: 'path' };
