import { Action, AdminFor, ModelAdmin, type ActionContext } from 'bowerbird/admin';
import { type QuerySet } from 'bowerbird/orm';

import { Comment } from './comment.entity.js';

/** Comments wait until somebody has read them. */
@AdminFor(Comment, {
  list: ['name', 'post', 'approved', 'createdAt'],
  search: ['name', 'email', 'body', 'post.title'],
  filters: ['approved', 'createdAt'],
  ordering: ['-createdAt'],
  readOnly: ['createdAt'],
})
export class CommentAdmin extends ModelAdmin<Comment> {
  @Action({ label: 'Approve' })
  async approve(comments: QuerySet<Comment>, { count }: ActionContext): Promise<string> {
    await comments.update({ approved: true });
    return `${inWords(count)} shown to readers now.`;
  }

  @Action({ label: 'Hide', confirm: 'Hide these comments from readers?' })
  async hide(comments: QuerySet<Comment>, { count }: ActionContext): Promise<string> {
    await comments.update({ approved: false });
    return `${inWords(count)} hidden.`;
  }
}

function inWords(count: number): string {
  return count === 1 ? '1 comment is' : `${count} comments are`;
}
