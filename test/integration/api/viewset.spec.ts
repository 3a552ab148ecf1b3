import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { Article, Author, Note, openMagazine, Remark, Tag } from './magazine.js';

eachDatabase((database) => {
  let app: TestApp;
  let admin: TestClient;
  let [ada, ben]: Author[] = [];
  let [red, blue]: Tag[] = [];

  beforeAll(async () => {
    app = await openMagazine({ database: { url: database.url, drop: async () => undefined } as never });
    admin = await app.login();
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    for (const entity of [Remark, Article, Author, Tag, Note])
      await app.objects<object, never>(entity as never).delete();
    ada = await app.create(Author, { name: 'Ada', email: 'ada@example.com', pin: '1234' });
    ben = await app.create(Author, { name: 'Ben', email: 'ben@example.com' });
    red = await app.create(Tag, { name: 'red' });
    blue = await app.create(Tag, { name: 'blue' });
  });

  const article = (values: Partial<Article> = {}) => app.create(Article, { title: 'One', author: ada!, ...values });

  describe('a list', () => {
    it('shows what the serializer names', async () => {
      const row = await article({ price: '2.50', views: '9007199254740993', body: 'two words', tags: [red!, blue!] });
      const answer = await admin.get('/api/articles');
      expect(answer.text).toMatch(/results/);
      expect(answer.json()).toMatchObject({
        count: 1,
        results: [
          {
            id: row.id,
            title: 'One',
            author: ada!.id,
            authorName: 'Ada',
            tags: expect.arrayContaining([red!.id, blue!.id]),
            status: 'draft',
            price: '2.50',
            views: '9007199254740993',
            words: 2,
            text: 'two words',
            publishedAt: null,
          },
        ],
      });
    });
  });
});
