import { AtlasModule, City, Country } from '@bowerbird/atlas';
import { BlogModule, Comment, Post, Tag } from '@bowerbird/blog';
import { createTestApp, type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Page {
  readonly next: string | null;
  readonly results: readonly Record<string, unknown>[];
}

describe('the API of the demo', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await createTestApp({ apps: [AtlasModule, BlogModule] });
    await app.command('loadatlas');
    await app.command('seedblog');
  });
  afterAll(() => app.close());

  const get = async <T = Page>(path: string, client = app.client()) => {
    const answer = await client.get(path, { headers: { accept: 'application/json' } });
    expect([path, answer.status]).toEqual([path, 200]);
    return answer.json<T>();
  };

  it('shows visitors what is published, and staff everything', async () => {
    const published = await app
      .objects(Post)
      .filter({ status: 'published' } as never)
      .count();
    const visitor = await get('/api/posts?size=100');
    expect(visitor.results).toHaveLength(published);
    const staff = await get('/api/posts?size=100', await app.login());
    expect(staff.results.length).toBeGreaterThan(published);
    const draft = staff.results.find(({ status }) => status === 'draft')!;
    expect((await app.client().get(`/api/posts/${String(draft.id)}`)).status).toBe(404);
  });

  it('never shows the addresses of readers and authors', async () => {
    const comment = await app.objects(Comment).filter({ approved: true }).first();
    const texts = await Promise.all(
      ['/api/comments', '/api/authors', '/api/posts?expand=author'].map(
        async (path) => (await app.client().get(path)).text,
      ),
    );
    expect(texts.join()).not.toContain(comment!.email);
    expect(texts.join()).not.toMatch(/[\w.]+@example\.(com|org)/);
  });

  it('lists the same rows by cursors as the database, in their order', async () => {
    const seen: unknown[] = [];
    let path: string | null = '/api/cities?country=CH&ordering=-population&size=30';
    while (path !== null) {
      const { next, results }: Page = await get(path);
      seen.push(...results.map(({ id }) => id));
      path = next && new URL(next).pathname + new URL(next).search;
    }
    const wanted = await app
      .objects(City)
      .filter({ country: 'CH' } as never)
      .orderBy('-population')
      .totallyOrdered()
      .all();
    expect(seen).toEqual(wanted.map(({ id }) => id));
  });

  it('follows references of every kind', async () => {
    const { results } = await get('/api/countries?search=Switzerland&expand=languages');
    expect(results[0]).toMatchObject({
      code: 'CH',
      currencies: ['CHF'],
      borders: expect.arrayContaining(['FR', 'IT']) as unknown,
    });
    const country = await app.objects(Country).get({ code: 'CH' });
    expect((results[0]!.languages as unknown[]).length).toBe(
      await app.run(() => app.objects(Country).filter({ code: country.code }).flat('languages').count()),
    );
  });

  it('lets staff publish a post', async () => {
    const draft = await app
      .objects(Post)
      .filter({ status: 'draft' } as never)
      .first();
    const path = `/api/posts/${draft!.id}/publish`;
    expect((await app.client().post(path)).status).toBe(401);
    const admin = await app.login();
    expect((await admin.post(path)).json()).toMatchObject({ id: draft!.id, status: 'published' });
    expect((await app.client().get(`/api/posts/${draft!.id}`)).status).toBe(200);
  });

  it('knows subjects by their slugs', async () => {
    const tag = await app.objects(Tag).first();
    expect(await get(`/api/tags/${tag!.slug}`)).toMatchObject({ name: tag!.name });
  });
});
