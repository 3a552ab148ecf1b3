import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

import { City, Country, Language } from '@bowerbird/atlas';
import { Author, Post } from '@bowerbird/blog';
import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';
import { AuditEntry } from 'bowerbird/audit';
import { Database } from 'bowerbird/orm';
import { StorageFullError } from 'bowerbird/storage';
import {
  RecordingIo,
  TEST_PASSWORD,
  TestClient,
  type FormFields,
  type TestApp,
  type TestDatabase,
  type TestResponse,
} from 'bowerbird/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';
import { bootDemo, city, country, RecordingLogger, sealed, SECRET } from './demo-app.js';
import { Cable, freePort, RefusingDisk, ServerProcess } from './faults.support.js';

const CITIES = '/admin/atlas/city/';
const COUNTRIES = '/admin/atlas/country/';

/** A form for a country, as a browser sends it. */
function countryForm(code: string, more: FormFields = {}): FormFields {
  return {
    code,
    code3: `${code}X`,
    name: `Country ${code}`,
    officialName: `The Country of ${code}`,
    region: 'Europe',
    area: '1.00',
    latitude: 0,
    longitude: 0,
    independent: '',
    ...more,
    _save: 1,
  };
}

function cityForm(name: string, more: FormFields = {}): FormFields {
  return { name, country: 'DE', kind: 'town', population: 1, latitude: 0, longitude: 0, ...more, _save: 1 };
}

describe.each(DIALECTS)('people at the same time on %s', (dialect) => {
  let database: TestDatabase;
  let app: TestApp;
  let db: Database;
  let root: TestClient;

  beforeAll(async () => {
    database = await createDatabase(dialect);
    app = await bootDemo({}, { database });
    db = app.get(Database);
    await db.save(country('DE'));
    root = await app.login();
  });
  afterAll(async () => {
    await app?.close();
    await database?.drop();
  });

  it('who save one row get one save and one warning, and nothing is mixed', async () => {
    const { id } = await db.save(city('Before', await db.objects(Country).get({ code: 'DE' })));
    const url = `${CITIES}${id}/change/`;
    const people = await Promise.all([app.login(), app.login(), app.login()]);
    const versions = await Promise.all(people.map(async (person) => (await person.get(url)).field('_version')));
    const answers = await Promise.all(
      people.map((person, index) =>
        person.post(url, cityForm(`Name ${index}`, { population: 100 + index, _version: versions[index] })),
      ),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2);
    const winner = answers.findIndex(({ status }) => status === 303);
    expect(await db.objects(City).get({ id })).toMatchObject({ name: `Name ${winner}`, population: 100 + winner });
    expect(await db.objects(AuditEntry).filter({ entity: 'atlas.city', action: 'change' }).count()).toBe(1);
  });

  it('may add fifty rows: each is there once, with its entry in the log', async () => {
    await root.get(`${CITIES}add/`);
    const names = Array.from({ length: 50 }, (_, index) => `City ${index}`);
    const answers = await Promise.all(names.map((name) => root.post(`${CITIES}add/`, cityForm(name))));
    expect(answers.map((answer) => sealed(answer).status)).toEqual(names.map(() => 303));
    const saved = await db.objects(City).filter({ name__startswith: 'City ' }).flat('name').all();
    expect(saved.toSorted()).toEqual(names.toSorted());
    const entries = await db
      .objects(AuditEntry)
      .filter({ entity: 'atlas.city', action: 'add' })
      .flat('objectText')
      .all();
    expect(entries.filter((text) => text.startsWith('City ')).toSorted()).toEqual(names.toSorted());
  });

  it('who delete one row twice are told so, and the rows around it stay', async () => {
    const { id } = await db.save(city('Doomed', await db.objects(Country).get({ code: 'DE' })));
    const before = await db.objects(City).count();
    const url = `${CITIES}${id}/delete/`;
    await root.get(url);
    const answers = await Promise.all(Array.from({ length: 5 }, () => root.post(url, { confirm: '1' })));
    expect(answers.map((answer) => sealed(answer).status)).toEqual([303, 303, 303, 303, 303]);
    expect(await db.objects(City).count()).toBe(before - 1);
    expect(await db.objects(AuditEntry).filter({ objectText: 'Doomed', action: 'delete' }).count()).toBe(1);
  });
});

describe.each(DIALECTS)('a server on %s that is killed while people save', { timeout: 180_000 }, (dialect) => {
  let database: TestDatabase;
  const running: ServerProcess[] = [];
  const email = 'ann@example.com';

  beforeAll(async () => {
    database = await createDatabase(dialect);
    const app = await bootDemo({}, { database, schema: 'migrate' });
    await app.createUser({ email, isStaff: true, isSuperuser: true });
    const names = ['deu', 'fra', 'ita'].map((code) => Object.assign(new Language(), { code, name: code }));
    await app.get(Database).save(names);
    await app.close();
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.kill();
  });
  afterAll(() => database?.drop());

  async function start(): Promise<ServerProcess> {
    const server = await ServerProcess.start(database.url, SECRET);
    running.push(server);
    return server;
  }

  async function logIn({ origin }: ServerProcess): Promise<TestClient> {
    const client = new TestClient(origin);
    const { status } = await client.submit('/accounts/login/', { email, password: TEST_PASSWORD });
    expect(status).toBe(303);
    await client.get(`${COUNTRIES}add/`);
    return client;
  }

  /** Adds countries until the server is gone; returns the codes that were confirmed. */
  async function addUntilKilled(client: TestClient, letter: string, onSaved: () => void): Promise<string[]> {
    const confirmed: string[] = [];
    for (let index = 0; index < 26; index += 1) {
      const code = letter + String.fromCharCode(65 + index);
      const answer = await client
        .post(`${COUNTRIES}add/`, countryForm(code, { languages: ['deu', 'fra', 'ita'] }))
        .catch(() => null);
      if (answer === null) break;
      expect(answer.status).toBe(303);
      confirmed.push(code);
      onSaved();
    }
    return confirmed;
  }

  it('keeps every confirmed row whole, nothing half, and starts again', async () => {
    const server = await start();
    const clients = await Promise.all(['A', 'B', 'C', 'D'].map(() => logIn(server)));
    let saved = 0;
    const killAt = 12;
    const confirmed = await Promise.all(
      clients.map((client, index) =>
        addUntilKilled(client, 'ABCD'[index]!, () => void ((saved += 1) === killAt && server.kill())),
      ),
    );
    expect(confirmed.flat().length).toBeGreaterThanOrEqual(killAt);
    expect(confirmed.flat().length).toBeLessThan(104);

    const again = await logIn(await start());
    const { status } = sealed(
      await again.post(`${COUNTRIES}add/`, countryForm('ZZ', { languages: ['deu', 'fra', 'ita'] })),
    );
    expect(status).toBe(303);

    const app = await bootDemo({}, { database, schema: 'none' });
    const db = app.get(Database);
    const countries = await db.objects(Country).prefetchRelated('languages').all();
    const codes = countries.map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining([...confirmed.flat(), 'ZZ']));
    for (const row of countries)
      expect(row.languages.map(({ code }) => code).toSorted(), row.code).toEqual(['deu', 'fra', 'ita']);
    const entries = await db
      .objects(AuditEntry)
      .filter({ entity: 'atlas.country', action: 'add' })
      .flat('objectKey')
      .all();
    expect(entries.toSorted()).toEqual(codes.toSorted());
    if (dialect === 'sqlite') {
      expect(await db.query('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
      expect(await db.query('PRAGMA foreign_key_check')).toEqual([]);
    }
    await app.close();
  });
});

describe.each(DIALECTS.filter((dialect) => dialect !== 'sqlite'))('a database on %s', (dialect) => {
  it('that does not answer at boot is named within seconds; no port opens', { timeout: 15_000 }, async () => {
    const silent = new Set<Socket>();
    const hole = createServer((socket) => void silent.add(socket)).listen(0, '127.0.0.1');
    await once(hole, 'listening');
    const { port: holePort } = hole.address() as { port: number };
    const port = await freePort();
    @Module({
      imports: [
        FrameworkModule.forRoot({
          secretKey: SECRET,
          production: false,
          database: `${dialect}://app:hunter2@127.0.0.1:${holePort}/shop`,
          http: { port },
        }),
      ],
    })
    class LonelyModule {}
    const io = new RecordingIo();
    await manage(LonelyModule, { argv: [], io });
    const told = io.errors.join('\n');
    expect(process.exitCode).toBe(1);
    process.exitCode = 0;
    expect(told).toContain(`127.0.0.1:${holePort}`);
    expect(told).not.toContain('hunter2');
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    for (const socket of silent) socket.destroy();
    hole.close();
  });

  it('that goes away answers 503 until it is back, without a word about it', async () => {
    const database = await createDatabase(dialect);
    const cable = await Cable.to(database.url);
    const logger = new RecordingLogger();
    const app = await bootDemo({ database: { url: cable.url, connectTimeout: '1s' } }, { database, logger });
    const root = await app.login();
    expect((await root.get(CITIES)).status).toBe(200);

    await cable.cut();
    const ready = await app.client().get('/health/ready');
    expect([ready.status, ready.json()]).toEqual([503, { status: 'unavailable', checks: { database: 'down' } }]);
    for (const path of [CITIES, '/admin/', `${CITIES}1/change/`]) {
      const answer = await root.get(path);
      expect(answer.status, path).toBe(503);
      expect(answer.text).not.toMatch(/127\.0\.0\.1:|ECONN|postgres|mysql|Connection/i);
    }
    expect((await app.client().get('/health/live')).status).toBe(200);

    await cable.mend();
    expect((await app.client().get('/health/ready')).status).toBe(200);
    expect(sealed(await root.get(CITIES)).status).toBe(200);
    await app.close();
    await cable.cut();
    await database.drop();
  });
});

describe('a disk that takes nothing', () => {
  let app: TestApp | undefined;
  afterEach(() => app?.close());

  async function upload(reason: () => Error): Promise<TestResponse> {
    const driver = { driver: 'refusing', create: () => new RefusingDisk(reason) };
    app = await bootDemo({ storage: { disks: { default: driver } } });
    const { id } = await app
      .get(Database)
      .save(Object.assign(new Author(), { name: 'Ann', email: 'ann@example.com', joined: '2026-01-01' }));
    const root = await app.login();
    await root.get('/admin/blog/post/add/');
    const png = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex');
    return root.post(
      '/admin/blog/post/add/',
      { title: 'News', slug: 'news', author: id, status: 'draft', readingMinutes: 1, _save: 1 },
      { files: { cover: { name: 'cover.png', content: png, type: 'image/png' } } },
    );
  }

  it('because it is full answers 507 and saves nothing', async () => {
    const answer = await upload(() => new StorageFullError('default', new Error('ENOSPC: /srv/secret/media')));
    expect(answer.status).toBe(507);
    expect(answer.text).not.toMatch(/ENOSPC|\/srv/);
    expect(answer.text).toContain('the disk is full');
    expect(await app!.objects(Post).count()).toBe(0);
    expect(await app!.objects(AuditEntry).filter({ entity: 'blog.post' }).count()).toBe(0);
  });

  it('for any other reason answers 500 and saves nothing', async () => {
    const answer = await upload(() => new Error('EROFS: /srv/secret/media'));
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/EROFS|\/srv/);
    expect(await app!.objects(Post).count()).toBe(0);
  });
});
