import { Migration, ops } from 'bowerbird/orm';

export default new Migration({
  operations: [
    ops.createEntity('Author', {
      table: 'blog_author',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 80 }),
        email: ops.string({ length: 254 }),
        website: ops.string({ length: 200, default: '' }),
        bio: ops.text({ default: '' }),
        joined: ops.date(),
        active: ops.boolean({ default: true }),
      },
      uniques: [{ fields: ['email'] }],
    }),
    ops.createEntity('Tag', {
      table: 'blog_tag',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 40 }),
        slug: ops.string({ length: 40 }),
        color: ops.string({ length: 7, default: '#64748b' }),
      },
      uniques: [{ fields: ['name'] }, { fields: ['slug'] }],
    }),
    ops.createEntity('Post', {
      table: 'blog_post',
      fields: {
        id: ops.id(),
        title: ops.string({ length: 160 }),
        slug: ops.string({ length: 160 }),
        status: ops.enum({ values: ['draft', 'review', 'published', 'archived'], default: 'draft' }),
        summary: ops.string({ length: 300, default: '' }),
        body: ops.text({ default: '' }),
        cover: ops.string({ length: 200, nullable: true }),
        publishedAt: ops.datetime({ nullable: true }),
        featured: ops.boolean({ default: false }),
        readingMinutes: ops.integer({ default: 1 }),
        extra: ops.json({ nullable: true }),
        createdAt: ops.datetime({ generated: 'created' }),
        updatedAt: ops.datetime({ generated: 'updated' }),
        author: ops.manyToOne('Author', { columns: { authorId: 'id' }, onDelete: 'protect' }),
        tags: ops.manyToMany('Tag', { table: 'blog_post_tags', from: { blogPostId: 'id' }, to: { blogTagId: 'id' } }),
      },
      uniques: [{ fields: ['slug'] }],
      indexes: [{ fields: ['status', 'publishedAt'] }],
    }),
    ops.createEntity('Comment', {
      table: 'blog_comment',
      fields: {
        id: ops.id(),
        name: ops.string({ length: 80 }),
        email: ops.string({ length: 254 }),
        body: ops.text(),
        approved: ops.boolean({ default: false }),
        createdAt: ops.datetime({ generated: 'created' }),
        post: ops.manyToOne('Post', { columns: { postId: 'id' }, onDelete: 'cascade' }),
      },
    }),
  ],
});
