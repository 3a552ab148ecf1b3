/** Where a post is on its way to the readers. */
export enum PostStatus {
  Draft = 'draft',
  Review = 'review',
  Published = 'published',
  Archived = 'archived',
}
