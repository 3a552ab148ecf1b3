import { Controller, Get, Module } from '@nestjs/common';
import { Public } from 'bowerbird';
import { SettingsProblems } from 'bowerbird/core';
import { Databases, resolveOrm, type Database } from 'bowerbird/orm';
import { createTestApp, type TestApp, type TestClient, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS, openOrm } from '../../support/databases.js';

@Controller('who')
@Public()
class WhoController {
  private readonly db: Database;

  constructor(databases: Databases) {
    this.db = databases.get('main');
  }

  @Get()
  async who(): Promise<string> {
    const [row] = await this.db.read<{ name: string }[]>('SELECT name FROM who');
    return row!.name;
  }

  @Get('write')
  async write(): Promise<string> {
    await this.db.query(`UPDATE who SET name = 'primary'`);
    return this.who();
  }

  @Get('quietly')
  async quietly(): Promise<string> {
    await this.db.withoutSticking(() => this.db.query(`UPDATE who SET name = 'primary'`));
    return this.who();
  }
}

@Module({ controllers: [WhoController] })
class WhoModule {}

describe.each(DIALECTS.filter((dialect) => dialect !== 'sqlite'))('requests after a write on %s', (dialect) => {
  const databases: TestDatabase[] = [];
  let app: TestApp;
  let client: TestClient;
  beforeAll(async () => {
    for (const name of ['primary', 'replica']) {
      const database = await createDatabase(dialect);
      databases.push(database);
      const { db, close } = await openOrm({ database: database.url, entities: [] });
      await db.query('CREATE TABLE who (name VARCHAR(20))');
      await db.query(`INSERT INTO who VALUES ('${name}')`);
      await close();
    }
    const [primary, replica] = databases.map(({ url }) => url);
    app = await createTestApp(
      { apps: [], databases: { main: { url: primary!, replicas: [replica!], stickyReads: '5s' } } },
      { imports: [WhoModule] },
    );
  });
  beforeEach(() => {
    client = app.client();
  });
  afterAll(async () => {
    await app?.close();
    for (const database of databases) await database.drop();
  });

  const who = async (headers = {}) => (await client.get('/who', { headers })).text;

  it('of the same client read from the primary for a while, and others do not', async () => {
    expect(await who()).toBe('replica');
    const { headers, text: seen } = await client.get('/who/write');
    expect(seen).toBe('primary');
    const cookie = [headers['set-cookie']].flat().join();
    expect(cookie).toMatch(/^recent_writes=[^;]+; Path=\/; Max-Age=5; HttpOnly; SameSite=Lax$/);
    expect(cookie).not.toContain('primary');
    expect(await who()).toBe('primary');
    expect(
      await app
        .client()
        .get('/who')
        .then(({ text }) => text),
    ).toBe('replica');
    app.clock.advance('4s');
    const { headers: later, text } = await client.get('/who');
    expect([text, later['set-cookie']]).toEqual(['primary', undefined]);
    app.clock.advance('2s');
    expect(await who()).toBe('replica');
  });

  it('do not, where nothing has to be seen, or the cookie is somebody else’s work', async () => {
    const { headers, text } = await client.get('/who/quietly');
    expect([text, headers['set-cookie']]).toEqual(['replica', undefined]);
    expect(await who()).toBe('replica');
    await client.get('/who/write');
    expect(
      await app
        .client()
        .get('/who', { headers: { cookie: 'recent_writes=e30.1.x' } })
        .then(({ text }) => text),
    ).toBe('replica');
  });
});

describe('the cookie of recent writes', () => {
  it('has a name of yours, or is none', () => {
    const problems = new SettingsProblems();
    const base = { root: new URL('file:///srv/'), home: new URL('file:///srv/') };
    const named = (stickyCookie: string | false) => resolveOrm({ orm: { stickyCookie } }, problems, base).stickyCookie;
    expect([named('wrote'), named(false)]).toEqual(['wrote', null]);
    expect(problems.all).toEqual([]);
    named('two words');
    expect(problems.all.map(({ path }) => path)).toEqual(['settings.orm.stickyCookie']);
  });
});
