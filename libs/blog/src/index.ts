export { Author } from './author.entity.js';
export { BlogModule } from './blog.module.js';
export { Comment } from './comment.entity.js';
export { Post } from './post.entity.js';
export { PostStatus } from './post-status.js';
export { Tag } from './tag.entity.js';
