import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

import { SettingsProblems, SystemClock, type Clock } from 'bowerbird/core';
import { Database, Migrator, OrmModule, resolveOrm } from 'bowerbird/orm';
import {
  sessionDrivers,
  SessionRecord,
  SessionsApp,
  type SessionDriverParts,
  type SessionStore,
} from 'bowerbird/sessions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { describeSessionStore } from '../../../packages/bowerbird/src/testing/contracts/session-store.contract.js';
import { eachDatabase, openOrm, type OrmTestApp } from '../../support/databases.js';
import { bootSessions, type SessionApp } from './session-app.js';

eachDatabase((database) => {
  let app: OrmTestApp;
  beforeAll(async () => {
    app = await openOrm({ database: database.url, entities: [SessionRecord], app: { name: 'sessions' } });
  });
  afterAll(() => app.close());

  const createStore = async (clock: Clock): Promise<SessionStore> => {
    await app.db.objects(SessionRecord).delete();
    const parts: SessionDriverParts = { clock, get: (token) => app.get(token) };
    return sessionDrivers.database().create(parts);
  };

  describeSessionStore({ describe, it, expect }, 'database', createStore);

  it('refuses a database that is not configured', async () => {
    const parts: SessionDriverParts = { clock: new SystemClock(), get: (token) => app.get(token) };
    await expect(sessionDrivers.database({ database: 'elsewhere' }).create(parts)).rejects.toThrow('elsewhere');
  });
});

describe('sessions over http', () => {
  eachDatabase((database) => {
    let app: SessionApp;
    beforeAll(async () => {
      const problems = new SettingsProblems();
      const root = pathToFileURL(`${tmpdir()}/`);
      const config = resolveOrm({ apps: [SessionsApp], database: database.url }, problems, { root });
      app = await bootSessions({
        sessions: { driver: sessionDrivers.database(), maxAge: '1h' },
        imports: [OrmModule.forRoot(config)],
        prepare: async (nest) => {
          await nest.get(Database).connect();
          await nest.get(Migrator).migrate();
        },
      });
    });
    afterAll(() => app.close());

    it('are written, read, cycled and ended', async () => {
      const client = app.client();
      const { id } = (await client.get('/write?key=n&value=%F0%9F%A6%9C')).json<{ id: string }>();
      expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '🦜' });
      await client.get('/cycle');
      expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '🦜', keys: ['n', 'user'] });
      const rows = await app.nest.get(Database).objects(SessionRecord).all();
      expect(JSON.stringify(rows)).not.toContain(id);
      expect(rows).toHaveLength(1);
      await client.get('/destroy');
      expect(await app.nest.get(Database).objects(SessionRecord).count()).toBe(0);
    });

    it('keep what ten requests at the same time changed', async () => {
      const client = app.client();
      await client.get('/write?key=n&value=1');
      const keys = Array.from({ length: 10 }, (_, index) => `key${index}`);
      const slow = keys.map((key) => client.get(`/gated?gate=${key}&key=${key}&value=1`));
      for (const key of keys) await app.gates.get(key).arrived;
      for (const key of keys) app.gates.get(key).open();
      expect((await Promise.all(slow)).map(({ status }) => status)).toEqual(keys.map(() => 200));
      const { keys: kept } = (await client.get('/read?key=n')).json<{ keys: string[] }>();
      expect(kept.sort()).toEqual([
        'key0',
        'key1',
        'key2',
        'key3',
        'key4',
        'key5',
        'key6',
        'key7',
        'key8',
        'key9',
        'n',
      ]);
    });

    it('end after max age', async () => {
      const client = app.client();
      await client.get('/write?key=n&value=1');
      app.clock.advance('1h');
      expect((await client.get('/read?key=n')).json()).toMatchObject({ value: null });
    });
  });
});
