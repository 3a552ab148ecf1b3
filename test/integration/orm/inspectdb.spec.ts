import { adminFor } from 'bowerbird/admin';
import { type Class } from 'bowerbird/core';
import { Databases, type QuerySet } from 'bowerbird/orm';
import { createTestApp, RecordingIo, type TestApp, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { type Catalog } from '../../../packages/bowerbird/src/orm/catalog/catalog.js';
import { createDatabase, DIALECTS, eachDatabase } from '../../support/databases.js';
import { catalogOf, comparable, LegacyProject, loadFixture, typeErrors } from './inspectdb.support.js';

/** A row of any entity. */
type Row = Record<string, unknown>;

const projects: LegacyProject[] = [];

eachDatabase((database) => {
  let project: LegacyProject;
  let answer: ReturnType<LegacyProject['inspect']>;
  let entities: Readonly<Record<string, Class>>;
  let app: TestApp;
  let empty: TestDatabase;

  const boot = async (url: string): Promise<TestApp> => {
    const { CmsModule, ...classes } = entities;
    const register = Object.values(classes).map((entity) => adminFor(entity as never));
    const settings = { apps: [CmsModule!], databases: { old: { url } }, admin: { register } };
    const made = await createTestApp(settings, { schema: 'none' });
    await say(made, 'migrate', {}, { database: 'default' });
    return made;
  };
  const rows = (of: TestApp, name: string): QuerySet<Row> =>
    of
      .get(Databases)
      .get('old')
      .objects(entities[name] as never) as never;
  const say = async (of: TestApp, verb: string, args: Record<string, string>, options: Record<string, unknown>) => {
    const io = new RecordingIo();
    const code = await of.command(verb, { args, options }, io);
    return { code, text: JSON.stringify(io) };
  };

  beforeAll(async () => {
    await loadFixture(database.dialect, database.url, 'django');
    project = new LegacyProject(() => database.url);
    projects.push(project);
    answer = project.inspect('cms');
    entities = await project.import('cms/index.ts');
    app = await boot(database.url);
    empty = await createDatabase(database.dialect);
  });
  afterAll(async () => {
    await app?.close();
    await empty?.drop();
  });

  it('writes an entity for every table, and says what comes next', () => {
    expect(answer.text).toContain('20 entities, 23 relations, 0 enums.');
    expect(answer.text).toContain('migrate cms --database old --fake');
    expect(answer.status).toBe(0);
    expect(project.files('cms').filter((name) => name.endsWith('.entity.ts'))).toHaveLength(20);
  });

  it('writes what makemigrations would write, so that nothing is missing after it', async () => {
    expect(await say(app, 'migrate', { app: 'cms' }, { fake: true, database: 'old' })).toMatchObject({ code: 0 });
    expect(await say(app, 'makemigrations', {}, { check: true })).toMatchObject({
      code: 0,
      text: expect.stringContaining('No changes detected.'),
    });
    expect(await say(app, 'check', {}, {})).toMatchObject({ code: 0 });
    expect(await say(app, 'checkdrift', {}, { database: 'old' })).toMatchObject({ code: 0 });
  });

  it('reads the rows that are there, along their relations', async () => {
    const grace = await rows(app, 'AuthUser').get({ username: 'grace' } as never);
    expect(grace).toMatchObject({ firstName: 'Grace', isActive: true, lastLogin: null });
    const groups = rows(app, 'AuthUserGroup').filter({ 'user.username': 'grace' } as never);
    expect(await groups.values('group.name' as never).all()).toEqual([{ 'group.name': 'Editors' }]);
    expect(
      await rows(app, 'AuthPermission')
        .filter({ 'contentType.model': 'flatpage' } as never)
        .count(),
    ).toBe(4);
    expect(
      await rows(app, 'TaggitTag')
        .values('name' as never)
        .all(),
    ).toEqual([{ name: 'Größe' }]);
  });

  it('lists and edits them in the admin', async () => {
    const root = await app.login();
    const list = await root.get('/admin/cms/djangoflatpage/');
    expect(list.status).toBe(200);
    const page = await rows(app, 'DjangoFlatpage').get({ url: '/about/' } as never);
    const form = `/admin/cms/djangoflatpage/${String(page['id'])}/change/`;
    const opened = await root.get(form);
    const saved = await root.post(form, {
      url: '/about/',
      title: 'About all of us',
      content: page['content'] as string,
      templateName: 'wide.html',
      _version: opened.field('_version'),
      _save: 1,
    });
    expect(saved.status, saved.text).toBe(303);
    expect(await rows(app, 'DjangoFlatpage').get({ url: '/about/' } as never)).toMatchObject({
      title: 'About all of us',
      content: 'It\'s "us".',
    });
    const added = await root.submit('/admin/cms/djangosite/add/', { domain: 'example.net', name: 'Second' });
    expect(added.status, added.text).toBe(303);
    expect(await rows(app, 'DjangoSite').count()).toBe(2);
    for (const name of Object.keys(entities).filter((each) => each !== 'CmsModule'))
      expect((await root.get(`/admin/cms/${name.toLowerCase()}/`)).status, name).toBe(200);
  });

  it('makes the tables on another kind of database as well', async () => {
    const kind = DIALECTS[(DIALECTS.indexOf(database.dialect) + 1) % DIALECTS.length]!;
    const foreign = await createDatabase(kind);
    const other = await boot(foreign.url);
    expect(await say(other, 'migrate', { app: 'cms' }, { database: 'old' })).toMatchObject({ code: 0 });
    await rows(other, 'DjangoSite').create({ domain: 'example.org', name: 'First' });
    await other.close();
    const columns = ({ tables }: Catalog) =>
      tables
        .filter(({ name }) => !name.startsWith('bowerbird_'))
        .map((table) => [table.name, table.columns.map(({ name }) => name).sort()]);
    expect(columns(await catalogOf(foreign.url))).toEqual(columns(await catalogOf(database.url)));
    await foreign.drop();
  });

  it('makes an equal database elsewhere', async () => {
    const other = await boot(empty.url);
    expect(await say(other, 'migrate', { app: 'cms' }, { database: 'old' })).toMatchObject({ code: 0 });
    expect(await say(other, 'checkdrift', {}, { database: 'old' })).toMatchObject({ code: 0 });
    await other.close();
    expect(comparable(await catalogOf(empty.url))).toEqual(comparable(await catalogOf(database.url)));
  });
});

it('compiles under strict, whichever database it came from', () => {
  expect(typeErrors(projects.flatMap((project) => project.sources('cms')))).toEqual([]);
}, 180_000);
