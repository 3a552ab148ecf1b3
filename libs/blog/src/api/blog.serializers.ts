import { Computed, ModelSerializer, Serializer } from 'bowerbird/api';

import { Author } from '../author.entity.js';
import { Comment } from '../comment.entity.js';
import { PostStatus } from '../post-status.js';
import { Post } from '../post.entity.js';
import { Tag } from '../tag.entity.js';

/** Authors as everybody may see them: without their addresses. */
@Serializer(Author, { fields: ['id', 'name', 'website', 'bio', 'joined', 'active'], readOnly: ['joined', 'active'] })
export class AuthorSerializer extends ModelSerializer<Author> {}

/** Subjects. */
@Serializer(Tag, { fields: ['id', 'name', 'slug', 'color'] })
export class TagSerializer extends ModelSerializer<Tag> {}

/** What readers say of posts that they can read; their e-mail addresses are taken and never shown. */
@Serializer(Comment, {
  fields: ['id', 'post', 'name', 'email', 'body', 'approved', 'createdAt'],
  readOnly: ['approved'],
  writeOnly: ['email'],
  choices: { post: (rows, { user }) => (user?.isStaff ? rows : rows.filter({ status: PostStatus.Published })) },
})
export class CommentSerializer extends ModelSerializer<Comment> {}

/** Posts, with their authors and subjects where these are asked for. */
@Serializer(Post, {
  fields: [
    'id',
    'title',
    'slug',
    'author',
    'authorName',
    'tags',
    'status',
    'summary',
    'body',
    'cover',
    'publishedAt',
    'featured',
    'readingMinutes',
    'words',
    'createdAt',
    'updatedAt',
  ],
  source: { authorName: 'author.name' },
  readOnly: ['status', 'publishedAt'],
  expand: { author: () => AuthorSerializer, tags: () => TagSerializer },
})
export class PostSerializer extends ModelSerializer<Post> {
  @Computed({ type: 'integer', help: 'Words of the text', needs: ['body'] })
  words({ body }: Post): number {
    return body.split(/\s+/).filter(Boolean).length;
  }
}
