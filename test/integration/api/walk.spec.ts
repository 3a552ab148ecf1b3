import { RequestMethod } from '@nestjs/common';
import { ViewSets, type ActionDescription, type ViewSetDescription } from 'bowerbird/api';
import { type User } from 'bowerbird/auth';
import { type TestApp, type TestClient } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { Article, Author, Note, openMagazine } from './magazine.js';

/** What an answer tells, without what differs from request to request. */
interface Told {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: unknown;
}

describe('every route of the API', () => {
  let app: TestApp;
  let note: Note;
  let article: Article;

  beforeAll(async () => {
    app = await openMagazine();
    const author = await app.create(Author, { name: 'Ada', email: 'ada@example.com' });
    article = await app.create(Article, { title: 'Hidden', author, ownerId: 0 });
    note = await app.create(Note, { text: 'Hidden', owner: 0 });
  });
  afterAll(() => app?.close());

  const routes = (): readonly (readonly [ViewSetDescription, ActionDescription])[] =>
    app
      .get(ViewSets)
      .all()
      .flatMap((viewset) => viewset.actions.map((action) => [viewset, action] as const));

  async function call(
    client: TestClient,
    [{ path }, action]: readonly [ViewSetDescription, ActionDescription],
    key: string,
  ): Promise<Told> {
    const end = [...(action.detail ? [key] : []), action.path].filter(Boolean).join('/');
    const method = RequestMethod[action.method];
    const answer = await client.request(
      method,
      `${path}/${end}`,
      action.method === RequestMethod.GET ? {} : { json: {} },
    );
    const { instance: _instance, ...body } =
      answer.text === '' ? { instance: '' } : answer.json<{ instance?: string }>();
    return { status: answer.status, type: answer.header('content-type'), body };
  }

  it('tells visitors nothing but what is public, whether a row exists or not', async () => {
    const opened: string[] = [];
    for (const route of routes()) {
      const [there, absent] = [
        await call(app.client(), route, String(article.id)),
        await call(app.client(), route, '987654'),
      ];
      expect(there).toEqual(absent);
      if (there.status !== 401) opened.push(`${route[0].name}.${route[1].name} ${there.status}`);
    }
    // Tags are named by a field of their own, so that neither of the keys is one.
    expect(opened.toSorted()).toEqual(['Tag.list 200', 'Tag.retrieve 404']);
  });

  it('tells a user without permissions nothing, whether a row exists or not', async () => {
    const user = await app.createUser({ email: 'nobody@example.com' });
    const client = await app.login(user);
    for (const route of routes()) {
      const [viewset, action] = route;
      const key = viewset.entity.target === Note ? note.id : article.id;
      const [there, absent] = [await call(client, route, String(key)), await call(client, route, '987654')];
      const open = action.access !== 'model' && !action.detail;
      // Whole articles are open to every user by their declaration.
      if (viewset.path !== '/api/whole-articles')
        expect([viewset.path, action.name, there]).toEqual([viewset.path, action.name, absent]);
      if (action.access === 'model') expect([action.name, there.status]).toEqual([action.name, 403]);
      if (open) expect([200, 201, 400, 403]).toContain(there.status);
    }
    expect(
      await app
        .objects(Note)
        .filter({ owner: (user as User).id })
        .exists(),
    ).toBe(false);
  });

  it('refuses changes in the name of a session without its token', async () => {
    const client = await app.login();
    const before = await app.objects(Article).count();
    for (const route of routes().filter(([, { method }]) => method !== RequestMethod.GET)) {
      const end = route[1].detail ? `/${article.id}` : '';
      const answer = await client.request(
        RequestMethod[route[1].method],
        `${route[0].path}${end}/${route[1].path}`.replace(/\/$/, ''),
        { json: {}, csrf: false },
      );
      expect([route[1].name, answer.status]).toEqual([route[1].name, 403]);
    }
    expect(await app.objects(Article).count()).toBe(before);
  });
});
