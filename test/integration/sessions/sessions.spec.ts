import { CommandRegistry, SecretKeys, sha256 } from 'bowerbird/core';
import { sessionDrivers, SessionStore, type SessionDriver } from 'bowerbird/sessions';
import { afterEach, describe, expect, it } from 'vitest';

import { type TestClient } from '../../../packages/bowerbird/src/testing/client/test-client.js';
import { RecordingIo } from '../../../packages/bowerbird/src/testing/recording-io.js';
import { bootSessions, type SessionApp, type SessionAppOptions } from './session-app.js';

const apps: SessionApp[] = [];

async function boot(options?: SessionAppOptions): Promise<SessionApp> {
  const app = await bootSessions(options);
  apps.push(app);
  return app;
}

afterEach(async () => {
  for (const app of apps.splice(0)) await app.close();
});

const cookieOf = (client: TestClient) => client.cookies.get('sessionid');
const setCookie = (response: { headers: Record<string, unknown> }) =>
  (response.headers['set-cookie'] as string[]) ?? [];
const vary = (response: { headers: { vary?: string } }) => response.headers.vary ?? '';

describe('a session', () => {
  it('costs nothing where nobody uses it', async () => {
    const app = await boot();
    const response = await app.client().get('/plain');
    expect(app.calls).toEqual([]);
    expect(setCookie(response)).toEqual([]);
    expect(vary(response)).not.toContain('Cookie');
  });

  it('is not made by reading', async () => {
    const app = await boot();
    const response = await app.client().get('/read?key=n');
    expect(response.json()).toEqual({ value: null, isNew: true, keys: [] });
    expect(app.calls).toEqual([]);
    expect(setCookie(response)).toEqual([]);
    expect(vary(response)).toContain('Cookie');
  });

  it('is made by writing, and read by the next request', async () => {
    const app = await boot();
    const client = app.client();
    const response = await client.get('/write?key=n&value=%C3%BC');
    expect(app.calls).toEqual(['create']);
    expect(setCookie(response)).toHaveLength(1);
    expect(setCookie(response)[0]).toMatch(
      /^sessionid=s%3A[\w-]{43}\.[^;]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    );
    expect(vary(response)).toContain('Cookie');
    expect((await client.get('/read?key=n')).json()).toEqual({ value: 'ü', isNew: false, keys: ['n'] });
    expect(app.calls).toEqual(['create', 'read']);
  });

  it('is not saved by reading', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    app.calls.length = 0;
    const response = await client.get('/read?key=n');
    await client.get('/write?key=n&value=1');
    expect(app.calls).toEqual(['read', 'read']);
    expect(setCookie(response)).toEqual([]);
  });

  it('is saved before the visitor sees the redirect', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    app.calls.length = 0;
    expect((await client.get('/redirect')).status).toBe(303);
    expect(app.calls).toEqual(['read', 'update']);
    expect((await client.get('/read?key=from')).json()).toMatchObject({ value: 'redirect' });
  });

  it('notices values that are changed in place', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/append');
    await client.get('/append');
    expect((await client.get('/read?key=cart')).json()).toMatchObject({ value: ['item', 'item'] });
  });

  it('is destroyed, cookie and all, when its last value goes', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    const response = await client.get('/delete?key=n');
    expect(app.calls.at(-1)).toBe('destroy');
    expect(setCookie(response)).toEqual(['sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
  });

  it('stores only a digest of its id', async () => {
    const app = await boot();
    const { id } = (await app.client().get('/write?key=n&value=1')).json<{ id: string }>();
    expect(Buffer.from(id, 'base64url').length * 8).toBeGreaterThanOrEqual(192);
    expect(await app.store.read(id)).toBeUndefined();
    expect((await app.store.read(sha256(id)))?.values).toBe('{"n":"1"}');
  });

  it('is not saved when the response is a server error', async () => {
    const app = await boot();
    const client = app.client();
    const first = await client.get('/fail');
    expect(first.status).toBe(500);
    expect(setCookie(first)).toEqual([]);
    await client.get('/write?key=n&value=1');
    expect((await client.get('/fail')).status).toBe(500);
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1' });
    expect(app.calls).not.toContain('update');
  });

  it('refuses what JSON cannot hold', async () => {
    const app = await boot();
    expect((await app.client().get('/date')).status).toBe(500);
    const sneaked = await app.client().get('/sneak');
    expect(sneaked.status).toBe(500);
    expect(setCookie(sneaked)).toEqual([]);
    expect(app.calls).toEqual([]);
  });

  it('cannot start once the headers have left', async () => {
    const app = await boot();
    expect((await app.client().get('/late')).text).toBe('firstsessions.too_late');
  });
});

describe('the id of a session', () => {
  it('is never taken from the client', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const cookie = cookieOf(client)!;
    for (const forged of ['chosen', id, `s:${id}`, `s:${id}.`, `s:${id}.AAAA`, `${cookie}x`, 's:', '%E0%A4%A']) {
      app.calls.length = 0;
      const response = await app.client().get('/write?key=n&value=2', { headers: { cookie: `sessionid=${forged}` } });
      expect(response.status).toBe(200);
      expect(response.json<{ id: string }>().id).not.toBe(id);
      expect(app.calls).toEqual(['create']);
    }
  });

  it('that was signed rightly but is unknown is replaced', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    await app.store.destroy(sha256(id));
    const again = (await client.get('/write?key=n&value=2')).json<{ id: string }>();
    expect(again.id).not.toBe(id);
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '2' });
  });

  it('changes when it is cycled, keeps the values, and the old one dies', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const old = client.cookies.header()!;
    const cycled = (await client.get('/cycle')).json<{ id: string }>();
    expect(cycled.id).not.toBe(id);
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1', keys: ['n', 'user'] });
    expect((await app.client().get('/read?key=n', { headers: { cookie: old } })).json()).toMatchObject({ value: null });
    expect(await app.store.read(sha256(id))).toBeUndefined();
  });

  it('is cycled for a visitor without a session too', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/cycle');
    expect((await client.get('/read?key=user')).json()).toMatchObject({ value: '7' });
    expect(app.calls).toEqual(['create', 'read']);
  });

  it('stays when the request that cycled it fails', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    expect((await client.get('/cycle-and-fail')).status).toBe(500);
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1' });
  });

  it('signed with an earlier secret key still works, and is signed anew when it is renewed', async () => {
    const sessions = { renewAfter: 0 };
    const before = await boot({ sessions, keys: new SecretKeys('old'.repeat(20)) });
    const client = before.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const stored = (await before.store.read(sha256(id)))!;
    const after = await boot({ sessions, keys: new SecretKeys('new'.repeat(20), ['old'.repeat(20)]) });
    await after.store.create(sha256(id), stored);
    const response = await after.client().get('/read?key=n', { headers: { cookie: client.cookies.header()! } });
    expect(response.json()).toMatchObject({ value: '1' });
    expect(setCookie(response)[0]).toContain(encodeURIComponent(`s:${id}.`));
    expect(setCookie(response)[0]).not.toContain(client.cookies.header()!.slice('sessionid='.length));
  });
});

describe('the end of a session', () => {
  it('removes the row and the cookie', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const response = await client.get('/destroy');
    expect(response.json()).toEqual({ value: null });
    expect(setCookie(response)).toEqual(['sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
    expect(await app.store.read(sha256(id))).toBeUndefined();
  });

  it('can be followed by a new one in the same request', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const response = await client.get('/logout');
    expect(setCookie(response)).toHaveLength(1);
    expect(setCookie(response)[0]).not.toContain(id);
    expect((await client.get('/hear')).json()).toMatchObject({ first: [{ level: 'info', text: 'Good bye' }] });
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: null });
  });

  it('comes after max age, counted from the last renewal', async () => {
    const app = await boot({ sessions: { maxAge: '10d', renewAfter: 0.5 } });
    const client = app.client();
    await client.get('/write?key=n&value=1');
    app.clock.advance('4d');
    expect(setCookie(await client.get('/read?key=n'))).toEqual([]);
    app.clock.advance('1d');
    app.calls.length = 0;
    const renewed = await client.get('/read?key=n');
    expect(app.calls).toEqual(['read', 'touch']);
    expect(setCookie(renewed)[0]).toContain('Max-Age=864000');
    app.clock.advance('9d');
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1' });
    app.clock.advance('10d');
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: null });
  });

  it('comes with the browser where it is asked for', async () => {
    const app = await boot({ sessions: { endsWithBrowser: true, renewAfter: 0 } });
    const client = app.client();
    const cookie = setCookie(await client.get('/write?key=n&value=1'))[0]!;
    expect(cookie).not.toMatch(/Expires|Max-Age/);
    expect(setCookie(await client.get('/read?key=n'))[0]).not.toMatch(/Expires|Max-Age/);
  });
});

describe('requests at the same time', () => {
  it('do not bring back a session that was destroyed meanwhile', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    const slow = client.get('/gated?gate=a&key=x&value=1');
    await app.gates.get('a').arrived;
    await app.store.destroy(sha256(id));
    app.gates.get('a').open();
    const response = await slow;
    expect(response.status).toBe(400);
    expect(setCookie(response)).toEqual([]);
    expect(await app.store.read(sha256(id))).toBeUndefined();
  });

  it('keep what each of them changed', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    const names = ['a', 'b', 'c', 'd'];
    const slow = names.map((name) => client.get(`/gated?gate=${name}&key=${name}&value=${name}`));
    for (const name of names) await app.gates.get(name).arrived;
    for (const name of names) app.gates.get(name).open();
    expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await client.get('/read?key=n')).json()).toMatchObject({
      value: '1',
      keys: expect.arrayContaining(['n', 'a', 'b', 'c', 'd']) as unknown,
    });
  });
});

describe('a store that fails', () => {
  const failing = (...methods: (keyof SessionStore)[]): SessionDriver => {
    const memory = sessionDrivers.memory();
    return {
      ...memory,
      create: async (parts) => {
        const store = await memory.create(parts);
        const fail = (): Promise<never> => Promise.reject(new Error('the disk is full'));
        for (const method of methods) store[method] = fail;
        return store;
      },
    };
  };

  it('becomes an error page, and the visitor gets no cookie for what was not saved', async () => {
    const app = await boot({ sessions: { driver: failing('create') } });
    const response = await app.client().get('/write?key=n&value=1');
    expect(response.status).toBe(500);
    expect(setCookie(response)).toEqual([]);
    const redirect = await app.client().get('/redirect');
    expect([redirect.status, redirect.location]).toEqual([500, undefined]);
  });

  it('does not lose what was saved before', async () => {
    const app = await boot({ sessions: { driver: failing('update') } });
    const client = app.client();
    await client.get('/write?key=n&value=1');
    expect((await client.get('/write?key=n&value=2')).status).toBe(500);
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1' });
  });

  it('stops requests that bring a session', async () => {
    const app = await boot({ sessions: { driver: failing('read') } });
    const client = app.client();
    await client.get('/write?key=n&value=1');
    expect((await client.get('/plain')).status).toBe(500);
    expect((await app.client().get('/plain')).status).toBe(200);
  });

  it('does not fail a request that only reads, when it cannot renew', async () => {
    const app = await boot({ sessions: { driver: failing('touch'), renewAfter: 0 } });
    const client = app.client();
    await client.get('/write?key=n&value=1');
    expect((await client.get('/read?key=n')).json()).toMatchObject({ value: '1' });
  });
});

describe('a streamed response', () => {
  it('keeps what was written before its first byte and after', async () => {
    const app = await boot();
    const client = app.client();
    const response = await client.get('/stream');
    expect(response.text).toBe('first last');
    expect((await client.get('/read?key=before')).json()).toMatchObject({ value: 1, keys: ['before', 'after'] });
  });
});

describe('the command clearsessions', () => {
  it('removes expired sessions in batches and says how many', async () => {
    const app = await boot({ sessions: { maxAge: '1h' } });
    for (let index = 0; index < 5; index += 1) await app.client().get('/write?key=n&value=1');
    app.clock.advance('1h');
    const living = app.client();
    await living.get('/write?key=n&value=1');
    app.calls.length = 0;
    expect(await runClearSessions(app, '2')).toEqual(['Removed 5 expired sessions']);
    expect(app.calls).toEqual(['clearExpired', 'clearExpired', 'clearExpired', 'clearExpired']);
    expect((await living.get('/read?key=n')).json()).toMatchObject({ value: '1' });
  });

  it('refuses a batch that is no number', async () => {
    const app = await boot();
    await expect(runClearSessions(app, 'many')).rejects.toThrow('--batch');
  });

  it('refuses a batch that is longer than a statement', async () => {
    const app = await boot();
    await expect(runClearSessions(app, '40000')).rejects.toThrow('from 1 to 10000');
  });

  it('removes everything when another run takes a part of its batches', async () => {
    const app = await boot({ sessions: { maxAge: '1h' } });
    for (let index = 0; index < 7; index += 1) await app.client().get('/write?key=n&value=1');
    app.clock.advance('1h');
    const store = app.nest.get(SessionStore);
    const clear = store.clearExpired.bind(store);
    let others = 1;
    // Between the choice of a batch and its removal another run removed one of its rows.
    store.clearExpired = async (limit) => (others-- > 0 ? (await clear(limit)) && (await clear(1)) : clear(limit));
    await runClearSessions(app, '2');
    expect(await clear(10)).toBe(0);
  });

  async function runClearSessions(app: SessionApp, batch: string): Promise<readonly string[]> {
    const io = new RecordingIo();
    await app.nest.get(CommandRegistry).get('clearsessions').command.run({ args: {}, options: { batch } }, io);
    return io.output;
  }
});

describe('the cookie', () => {
  it('is sent over https alone in production, bound to the host', async () => {
    const app = await boot({ production: true, http: { trustedProxies: ['127.0.0.1'] } });
    const plain = await app.client().get('/write?key=n&value=1');
    expect(setCookie(plain)).toEqual([]);
    const secure = await app.client().get('/write?key=n&value=1', { headers: { 'x-forwarded-proto': 'https' } });
    expect(setCookie(secure)[0]).toMatch(/^__Host-sessionid=.*; Secure; SameSite=Lax$/);
  });

  it('takes its name, path and domain from the settings', async () => {
    const cookie = { name: 'sid', path: '/write', domain: 'example.com', sameSite: 'strict' } as const;
    const app = await boot({ sessions: { cookie } });
    expect(setCookie(await app.client().get('/write?key=n&value=1'))[0]).toMatch(
      /^sid=.*; Path=\/write; Domain=example.com; .*SameSite=Strict$/,
    );
  });
});

describe('flash messages', () => {
  it('are shown once, in order', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/say?text=one');
    await client.get('/say?text=<two>');
    const expected = [
      { level: 'success', text: 'one' },
      { level: 'success', text: '<two>' },
    ];
    expect((await client.get('/hear')).json()).toEqual({ first: expected, again: expected });
    expect((await client.get('/hear')).json()).toEqual({ first: [], again: [] });
  });

  it('are kept to the newest fifty', async () => {
    const app = await boot();
    const client = app.client();
    for (let index = 0; index < 55; index += 1) await client.get(`/say?text=${index}`);
    const { first } = (await client.get('/hear')).json() as { first: { text: string }[] };
    expect(first.map(({ text }) => text)).toEqual(Array.from({ length: 50 }, (_, index) => String(index + 5)));
  });
});

describe("express-session's own interface", () => {
  it('reads and writes the same values', async () => {
    const app = await boot();
    const client = app.client();
    expect((await client.get('/native?value=x')).json()).toEqual({ native: 'x', ours: 'x' });
    expect((await client.get('/native')).json()).toEqual({ native: 'x', ours: 'x' });
    expect(app.calls).toEqual(['create', 'read']);
  });

  it('starts nothing when it only looks', async () => {
    const app = await boot();
    const response = await app.client().get('/native');
    expect(response.json()).toEqual({ native: null, ours: null });
    expect(setCookie(response)).toEqual([]);
    expect(app.calls).toEqual([]);
  });

  it('reloads what the store holds', async () => {
    const client = (await boot()).client();
    await client.get('/native?value=kept');
    expect((await client.get('/native-reload')).json()).toEqual({ native: 'kept' });
    expect((await client.get('/native')).json()).toEqual({ native: 'kept', ours: 'kept' });
  });

  it('regenerates', async () => {
    const app = await boot();
    const client = app.client();
    const { id } = (await client.get('/write?key=n&value=1')).json<{ id: string }>();
    await client.get('/native-regenerate');
    expect(await app.store.read(sha256(id))).toBeUndefined();
    expect((await client.get('/read?key=native')).json()).toMatchObject({ value: 'regenerated', keys: ['native'] });
  });

  it('destroys', async () => {
    const app = await boot();
    const client = app.client();
    await client.get('/write?key=n&value=1');
    const response = await client.get('/native-destroy');
    expect(response.json()).toEqual({ gone: true });
    expect(setCookie(response)).toEqual(['sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
  });
});
