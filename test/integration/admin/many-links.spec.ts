import { AuditEntry } from 'bowerbird/audit';
import { Database } from 'bowerbird/orm';
import { type FormFields, type TestApp, type TestClient, type TestResponse } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { make, staff } from './library.js';
import { bootLinks, Hall, Mark, Page, Post, Seat, Tag, Topic } from './links.js';

const MANY = 1_100;
const word = (index: number) => `tag ${String(index).padStart(4, '0')}`;

eachDatabase((database) => {
  let app: TestApp;
  let db: Database;
  let root: TestClient;
  let tags: Tag[];
  let free: Tag;
  let post: Post;
  let url: string;

  beforeAll(async () => {
    app = await bootLinks({ database: database.url });
    db = app.get(Database);
    root = await app.login();
    tags = await db.save(Array.from({ length: MANY }, (_, index) => make(Tag, { word: word(index) })));
    free = await db.save(make(Tag, { word: 'unused' }));
  });
  afterAll(() => app?.close());
  beforeEach(async () => {
    post = await db.save(make(Post, { title: 'Popular' }));
    await db.related(post, 'tags').set(tags);
    url = `/admin/links/post/${post.id}/change/`;
  });

  /** What a browser without scripts would send of the page. */
  function fieldsOf(page: TestResponse): FormFields {
    const checked = [...page.text.matchAll(/name="tags" value="(\d+)" checked/g)].map(([, id]) => id!);
    return {
      _version: page.field('_version'),
      title: page.field('title'),
      tags: checked,
      tags__listed: page.field('tags__listed'),
    };
  }
  const load = async (client = root) => fieldsOf(await client.get(url));
  const send = (fields: FormFields, more: FormFields = {}, client = root) =>
    client.post(url, { ...fields, _save: 1, ...more });
  const linked = async (row = post) => (await db.related(row, 'tags').keys()).map(Number).sort((a, b) => a - b);
  const ids = (rows: readonly Tag[]) => rows.map(({ id }) => id).sort((a, b) => a - b);
  const without = (...gone: readonly Tag[]) => tags.filter((tag) => !gone.includes(tag));

  it('are listed in part, with their number, by no more statements than few', async () => {
    const log = await app.queries(() => root.get(url));
    expect(log.length, log.map(({ sql }) => sql).join('\n')).toBeLessThanOrEqual(8);
    const page = await root.get(url);
    expect(page.text).toContain('1,100 linked. The first 50 are listed; search to find others.');
    expect(fieldsOf(page)['tags']).toHaveLength(50);
    expect(page.text).toContain('tag 0049');
    expect(page.text).not.toContain('tag 0050');
  });

  it('stay when the form is saved', async () => {
    await db.objects(AuditEntry).delete();
    const answer = await send(await load(), { title: 'Renamed' });
    expect(answer.status, answer.text).toBe(303);
    expect(await linked()).toEqual(ids(tags));
    expect((await db.objects(Post).get({ id: post.id })).title).toBe('Renamed');
    const entries = await db
      .objects(AuditEntry)
      .filter({ objectKey: String(post.id) })
      .all();
    expect(entries.flatMap(({ changes }) => Object.keys(changes))).toEqual(['title']);
  });

  it('are added and removed', async () => {
    const fields = await load();
    const chosen = (fields['tags'] as string[]).filter((id) => id !== String(tags[3]!.id));
    expect((await send(fields, { tags: [...chosen, free.id] })).status).toBe(303);
    expect(await linked()).toEqual(ids([...without(tags[3]!), free]));
  });

  it('all of the listed ones can be removed, and no others', async () => {
    expect((await send(await load(), { tags: [] })).status).toBe(303);
    expect(await linked()).toEqual(ids(tags.slice(50)));
  });

  it('keep what others added and removed meanwhile, listed or not', async () => {
    const fields = await load();
    await db.related(post, 'tags').add(free);
    await db.related(post, 'tags').remove(tags[1]!, tags[700]!);
    const chosen = (fields['tags'] as string[]).filter((id) => id !== String(tags[2]!.id));
    expect((await send(fields, { tags: chosen, title: 'Both' })).status).toBe(303);
    expect(await linked()).toEqual(ids([...without(tags[1]!, tags[2]!, tags[700]!), free]));
  });

  it('are kept in a form that was overtaken or has mistakes', async () => {
    const fields = await load();
    const chosen = (fields['tags'] as string[]).filter((id) => id !== String(tags[4]!.id));
    const change = { tags: [...chosen, free.id] };
    const mistaken = await send(fields, { ...change, title: '' });
    expect(mistaken.status).toBe(422);
    expect(mistaken.text).toMatch(new RegExp(`value="${tags[4]!.id}"> <span>tag 0004`));
    expect(fieldsOf(mistaken)).toMatchObject({ tags: [...chosen, String(free.id)] });
    await db.objects(Post).filter({ id: post.id }).update({ title: 'Theirs' });
    const overtaken = await send(fieldsOf(mistaken), { title: 'Mine' });
    expect(overtaken.status).toBe(409);
    expect(overtaken.text).toContain('your entries in Tags');
    expect(fieldsOf(overtaken)).toMatchObject({ title: 'Theirs', tags: [...chosen, String(free.id)] });
    expect((await send(fieldsOf(overtaken))).status).toBe(303);
    expect(await linked()).toEqual(ids([...without(tags[4]!), free]));
  });

  it('beyond the listed ones are found by a search and can be removed', async () => {
    const fields = await load();
    const found = await root.post(url, { ...fields, _find: 'tags', '_search.tags': 'tag 0900' });
    expect(found.text).toMatch(new RegExp(`value="${tags[900]!.id}" checked> <span>tag 0900`));
    const now = fieldsOf(found);
    const chosen = (now['tags'] as string[]).filter((id) => id !== String(tags[900]!.id));
    expect((await send(now, { tags: chosen })).status).toBe(303);
    expect(await linked()).toEqual(ids(without(tags[900]!)));
  });

  it('are told by the search of scripts, to people who may change the row', async () => {
    const ask = (client: TestClient, row: string, q = 'u') =>
      client.get(`/admin/autocomplete/?field=links.post.tags&row=${row}&q=${encodeURIComponent(q)}`);
    expect((await ask(root, String(post.id), 'unused')).json()).toEqual({
      results: [{ value: String(free.id), label: 'unused' }],
      more: false,
    });
    expect((await ask(root, String(post.id), 'tag 0900')).json()).toMatchObject({ results: [{ linked: true }] });
    for (const row of ['999999', 'x', '', '_00']) expect((await ask(root, row)).status).toBe(404);
    const adder = await staff(app, `adder-${post.id}@example.com`, ['links.add_post', 'links.view_tag']);
    expect((await ask(adder, String(post.id))).status).toBe(404);
    const script = (await root.get(url)).text;
    expect(script).toContain(`data-source="/admin/autocomplete/?field=links.post.tags&amp;row=${post.id}"`);
  });

  it.each([
    ['no list', 'x', (all: Tag[]) => all],
    ['keys that are not linked', '["999999","abc"]', (all: Tag[]) => all],
    ['nothing', '[]', (all: Tag[]) => all],
  ])('are not lost to a forged list of what was shown: %s', async (_, listed, expected) => {
    const answer = await send(await load(), { tags__listed: listed, tags: [tags[0]!.id] });
    expect(answer.status).toBe(303);
    expect(await linked()).toEqual(ids(expected(tags)));
  });

  it('out of the scope of a user are neither listed nor counted, and stay whatever is sent', async () => {
    const secrets = await db.save(Array.from({ length: 60 }, (_, index) => make(Tag, { word: `secret ${index}` })));
    await db.related(post, 'tags').add(...secrets);
    const clerk = await staff(app, `clerk-${post.id}@example.com`, ['links.change_post', 'links.view_tag']);
    const page = await clerk.get(url);
    expect(page.text).toContain('1,100 linked. The first 50 are listed');
    expect(page.text).not.toContain('secret');
    const fields = fieldsOf(page);
    expect(JSON.parse(fields['tags__listed'] as string)).toEqual(tags.slice(0, 50).map(({ id }) => String(id)));
    const forged = JSON.stringify([...secrets, tags[0]!].map(({ id }) => String(id)));
    expect((await send(fields, { tags__listed: forged, tags: [] }, clerk)).status).toBe(303);
    expect(await linked()).toEqual(ids([...without(tags[0]!), ...secrets]));
    expect((await send(fields, { tags: [...(fields['tags'] as string[]), secrets[0]!.id] }, clerk)).status).toBe(422);
    await db.related(post, 'tags').remove(...secrets);
    await db.objects(Tag).filter({ word__startswith: 'secret' }).delete();
  });

  it('refuse rows that do not exist, and a form that forgets to say what it listed', async () => {
    const fields = await load();
    expect((await send(fields, { tags: [...(fields['tags'] as string[]), '999999'] })).status).toBe(422);
    const whole = await send(fields, { tags__listed: undefined });
    expect(whole.status).toBe(409);
    expect(await linked()).toEqual(ids(tags));
  });

  it('go with a copy of the row', async () => {
    const fields = await load();
    const chosen = (fields['tags'] as string[]).filter((id) => id !== String(tags[5]!.id));
    const answer = await root.post(url, { ...fields, title: 'Copy', tags: [...chosen, free.id], _saveasnew: 1 });
    expect(answer.status).toBe(303);
    const copy = await db.objects(Post).get({ title: 'Copy' });
    expect(await linked(copy)).toEqual(ids([...without(tags[5]!), free]));
    expect(await linked()).toEqual(ids(tags));
  });

  it('go with a row that is deleted', async () => {
    const answer = await root.submit(url.replace('change', 'delete'), { confirm: 1 });
    expect(answer.status).toBe(303);
    expect(await db.objects(Post).filter({ id: post.id }).exists()).toBe(false);
    expect(await db.objects(Tag).count()).toBe(MANY + 1);
  });

  it('grow past what is listed while a form is open: the form is overtaken and loses nothing', async () => {
    await db.related(post, 'tags').set(tags.slice(0, 150));
    const fields = await load();
    expect(fields['tags__listed']).toBeUndefined();
    await db.related(post, 'tags').set(tags);
    expect((await send(fields, { tags: (fields['tags'] as string[]).slice(1) })).status).toBe(409);
    expect(await linked()).toEqual(ids(tags));
  });

  it('shrink below it while a form is open: what was entered counts', async () => {
    const fields = await load();
    await db.related(post, 'tags').set(tags.slice(0, 20));
    const chosen = (fields['tags'] as string[]).filter((id) => id !== String(tags[0]!.id));
    expect((await send(fields, { tags: chosen })).status).toBe(303);
    expect(await linked()).toEqual(ids(tags.slice(1, 20)));
  });

  it('without a search take keys', async () => {
    const marks = await db.save(Array.from({ length: 520 }, (_, index) => make(Mark, { name: `mark ${index}` })));
    await db.related(post, 'marks').set(marks.slice(0, 510));
    const page = await root.get(url);
    expect(page.text).toContain('510 linked. The first 50 are listed.');
    const fields = {
      ...fieldsOf(page),
      marks: [...page.text.matchAll(/name="marks" value="(\d+)" checked/g)].map(([, id]) => id!),
      marks__listed: page.field('marks__listed'),
    };
    expect((await send(fields, { marks: [...fields.marks.slice(1), marks[519]!.id, ''] })).status).toBe(303);
    expect(await db.related(post, 'marks').keys()).toHaveLength(510);
  });

  it('may have keys of several columns', async () => {
    const seats = await db.save(
      Array.from({ length: 230 }, (_, number) =>
        make(Seat, { row: `r${number % 7}`, number, note: `seat ${String(number).padStart(3, '0')}` }),
      ),
    );
    const hall = await db.save(make(Hall, { name: 'Large' }));
    await db.related(hall, 'seats').set(seats.slice(0, 220));
    const address = `/admin/links/hall/${hall.id}/change/`;
    const page = await root.get(address);
    expect(page.text).toContain('220 linked. The first 50 are listed');
    const listed = page.field('seats__listed')!.replaceAll('&quot;', '"');
    const keys = JSON.parse(listed) as string[];
    const fields = { name: 'Large', _version: page.field('_version'), seats__listed: listed };
    const found = await root.post(address, { ...fields, seats: keys, _find: 'seats', '_search.seats': 'seat 200' });
    expect(found.text).toMatch(/checked> <span>seat 200/);
    const added = JSON.stringify({ row: seats[225]!.row, number: '225' });
    expect((await root.post(address, { ...fields, seats: [...keys.slice(1), added] })).status).toBe(303);
    const now = await db.objects(Hall).prefetchRelated('seats').get({ id: hall.id });
    expect(now.seats.map(({ number }) => number).sort((left, right) => left - right)).toEqual([
      ...Array.from({ length: 219 }, (_, index) => index + 1),
      225,
    ]);
  });

  describe('the other side of a relation', () => {
    it('is not on the form unless it is named', async () => {
      expect((await root.get(`/admin/links/tag/${free.id}/change/`)).text).not.toContain('name="posts"');
      expect((await root.get('/admin/links/topic/add/')).text).toContain('data-path="pages"');
    });

    it('is listed in part as well, and shown in part where it is read only', async () => {
      const pages = await db.save(Array.from({ length: 300 }, (_, index) => make(Page, { name: `page ${index}` })));
      const topics = await db.save(Array.from({ length: 210 }, (_, index) => make(Topic, { name: `topic ${index}` })));
      await db.related(topics[0]!, 'pages').set(pages);
      await db.related(pages[0]!, 'topics').set(topics);
      const page = await root.get(`/admin/links/topic/${topics[0]!.id}/change/`);
      expect(page.text).toContain('300 linked. The first 50 are listed');
      const address = `/admin/links/page/${pages[0]!.id}/change/`;
      expect((await root.get(address)).text).toContain('and 10 more');
      const version = (await root.get(address)).field('_version');
      const mistaken = await root.post(address, { name: '', _version: version });
      expect([mistaken.status, mistaken.text]).toEqual([422, expect.stringContaining('and 10 more')]);
      expect((await root.post(address, { name: 'saved', _version: version })).status).toBe(303);
      expect(await db.related(pages[0]!, 'topics').keys()).toHaveLength(210);
    });
  });
});
