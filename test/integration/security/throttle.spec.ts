import { Module } from '@nestjs/common';
import { FrameworkModule, manage } from 'bowerbird';
import { SettingsProblems, type Finding } from 'bowerbird/core';
import { type FrameworkSettings } from 'bowerbird/framework';
import {
  rate,
  resolveSecurity,
  SkipThrottle,
  Throttle,
  tokenBucket,
  type LimitBy,
  type Rate,
} from 'bowerbird/security';
import { FakeClock, RecordingIo, type TestApp, type TestResponse } from 'bowerbird/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { sharedDriver } from '../cache/cache-app.js';
import { createLimitedApp, LimitedModule, recordingDriver } from './throttle-app.js';

const JSON_ACCEPT = { accept: 'application/json' };

/** Asks for a path as the client of an address, as the proxy tells it. */
const ask = (app: TestApp, path: string, address = '192.0.2.1', headers: Record<string, string> = {}) =>
  app.client().get(path, { headers: { ...JSON_ACCEPT, 'x-forwarded-for': address, ...headers } });

/** The statuses of requests one after another. */
async function statuses(count: number, request: () => Promise<TestResponse>): Promise<number[]> {
  const answers: number[] = [];
  for (let index = 0; index < count; index += 1) answers.push((await request()).status);
  return answers;
}

describe('limits of requests', () => {
  let app: TestApp;
  let addresses = 0;
  /** An address that nobody has asked from. */
  const fresh = () => `198.51.${(addresses += 1)}.7`;
  beforeAll(async () => {
    app = await createLimitedApp();
  });
  afterAll(() => app.close());

  it.each(['ten', 'bucket'])('let exactly ten of a hundred requests at the same time pass: %s', async (route) => {
    const address = fresh();
    const answers = await Promise.all(Array.from({ length: 100 }, () => ask(app, `/limited/${route}`, address)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(90);
  });

  it('tell clients on every answer what is left', async () => {
    const address = fresh();
    const first = await ask(app, '/limited/ten', address);
    expect([first.status, first.header('ratelimit-policy'), first.header('ratelimit')]).toEqual([
      200,
      '"10/min";q=10;w=60',
      '"10/min";r=9;t=60',
    ]);
    app.clock.advance('500ms');
    expect((await ask(app, '/limited/ten', address)).header('ratelimit')).toBe('"10/min";r=8;t=60');
    const bucket = await ask(app, '/limited/bucket', address);
    expect(bucket.header('ratelimit-policy')).toBe('"10+1/min";q=10;w=600');
    expect(bucket.header('ratelimit')).toBe('"10+1/min";r=9;t=60');
  });

  it('refuse with a problem document that says when to come back', async () => {
    const address = fresh();
    await statuses(10, () => ask(app, '/limited/ten', address));
    app.clock.advance('29500ms');
    const refused = await ask(app, '/limited/ten', address);
    expect([refused.status, refused.header('retry-after'), refused.header('ratelimit')]).toEqual([
      429,
      '31',
      '"10/min";r=0;t=31',
    ]);
    expect(refused.header('content-type')).toContain('application/problem+json');
    expect(refused.json()).toMatchObject({ status: 429, code: 'security.throttled' });
    app.clock.advance('30499ms');
    expect((await ask(app, '/limited/ten', address)).status).toBe(429);
    app.clock.advance('1ms');
    expect((await ask(app, '/limited/ten', address)).status).toBe(200);
  });

  it('show browsers a page', async () => {
    const address = fresh();
    const get = () => app.client().get('/class/one', { headers: { 'x-forwarded-for': address } });
    await get();
    const page = await get();
    expect([page.status, page.header('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect(page.text).toContain('60 seconds');
  });

  it('fill a bucket again while time passes', async () => {
    const address = fresh();
    await statuses(10, () => ask(app, '/limited/bucket', address));
    expect((await ask(app, '/limited/bucket', address)).header('retry-after')).toBe('60');
    app.clock.advance('2m');
    expect(await statuses(3, () => ask(app, '/limited/bucket', address))).toEqual([200, 200, 429]);
  });

  it('count users by who they are, and visitors by their address', async () => {
    const [office, home] = [fresh(), fresh()];
    const [ann, bob] = [await app.login(), await app.login()];
    const from = (client: typeof ann, address: string) =>
      client.get('/class/one', { headers: { ...JSON_ACCEPT, 'x-forwarded-for': address } });
    expect((await from(ann, office)).status).toBe(200);
    expect((await from(bob, office)).status).toBe(200);
    expect((await from(ann, home)).status).toBe(429);
    expect((await ask(app, '/class/one', office)).status).toBe(200);
    expect((await ask(app, '/class/one', office)).status).toBe(429);
    expect((await ask(app, '/class/one', home)).status).toBe(200);
  });

  it('count the network of an IPv6 address', async () => {
    expect((await ask(app, '/class/one', '2001:db8:0:1::1')).status).toBe(200);
    expect((await ask(app, '/class/one', '2001:db8:0:1:ffff::2')).status).toBe(429);
    expect((await ask(app, '/class/one', '2001:db8:0:2::1')).status).toBe(200);
  });

  it('count the routes of a scope together, and others each for itself', async () => {
    const address = fresh();
    expect(await statuses(2, () => ask(app, '/limited/sign-up', address))).toEqual([200, 200]);
    const client = app.client();
    await client.get('/accounts/login/');
    const posted = await client.post(
      '/limited/sign-up',
      {},
      { headers: { ...JSON_ACCEPT, 'x-forwarded-for': address } },
    );
    expect([posted.status, posted.header('ratelimit-policy')]).toEqual([429, '"sign-up";q=2;w=60']);
    expect(await statuses(2, () => ask(app, '/class/one', address))).toEqual([200, 429]);
    expect(await statuses(2, () => ask(app, '/class/two', address))).toEqual([200, 429]);
  });

  it('count in none of several limits what one of them refuses', async () => {
    const address = fresh();
    const get = () => ask(app, '/limited/several', address);
    expect(await statuses(5, get)).toEqual([200, 200, 429, 429, 429]);
    const refused = await get();
    expect(refused.header('ratelimit-policy')).toBe('"2/min";q=2;w=60, "3/h";q=3;w=3600');
    expect(refused.header('ratelimit')).toBe('"2/min";r=0;t=60, "3/h";r=1;t=3600');
    expect(refused.header('retry-after')).toBe('60');
    app.clock.advance('1m');
    expect(await statuses(2, get)).toEqual([200, 429]);
    expect((await get()).header('retry-after')).toBe('3540');
  });

  it('are all those of stacked decorators', async () => {
    const address = fresh();
    const first = await ask(app, '/limited/stacked', address);
    expect(first.header('ratelimit')).toBe('"1/min";r=0;t=60, "2/h";r=1;t=3600');
    expect((await ask(app, '/limited/stacked', address)).status).toBe(429);
  });

  it('are those of the nearest decorator', async () => {
    const address = fresh();
    expect(await statuses(4, () => ask(app, '/class/three', address))).toEqual([200, 200, 200, 429]);
    expect(await statuses(3, () => ask(app, '/class/free', address))).toEqual([200, 200, 200]);
    expect((await ask(app, '/class/free', address)).header('ratelimit')).toBeUndefined();
    expect((await ask(app, '/plain/one', address)).header('ratelimit')).toBeUndefined();
  });

  it('count keys that were checked, and no others', async () => {
    const address = fresh();
    const get = (key: string) => ask(app, '/limited/key', address, { authorization: `Key ${key}` });
    expect([await get('good-1'), await get('good-2'), await get('good-1')].map(({ status }) => status)).toEqual([
      200, 200, 429,
    ]);
    expect([await get('bad-1'), await get('bad-2')].map(({ status }) => status)).toEqual([200, 429]);
  });

  it('count what a function of yours says, and nothing for null', async () => {
    const get = (headers: Record<string, string>) => ask(app, '/limited/own', fresh(), headers);
    expect((await get({ 'x-tenant': 'a' })).status).toBe(200);
    expect((await get({ 'x-tenant': 'a' })).status).toBe(429);
    expect((await get({ 'x-tenant': 'b' })).status).toBe(200);
    expect(await statuses(3, () => get({}))).toEqual([200, 200, 200]);
  });

  it('stand before permissions', async () => {
    const address = fresh();
    expect(await statuses(3, () => ask(app, '/plain/private', address))).toEqual([401, 401, 429]);
  });
});

describe('limits of an application', () => {
  let app: TestApp | undefined;
  const start = async (...given: Parameters<typeof createLimitedApp>): Promise<TestApp> =>
    (app = await createLimitedApp(...given));
  afterEach(async () => {
    await app?.close();
    app = undefined;
  });

  it('believe no address that an undeclared proxy tells', async () => {
    await start({ http: {} });
    expect((await ask(app!, '/class/one', '192.0.2.1')).status).toBe(200);
    for (const header of ['x-forwarded-for', 'forwarded', 'x-real-ip', 'cf-connecting-ip'])
      expect((await ask(app!, '/class/one', '192.0.2.2', { [header]: 'for=192.0.2.3' })).status).toBe(429);
  });

  it('stand over every route that has none of its own, together', async () => {
    await start({ security: { throttle: { default: [rate('2/h')] } } });
    const first = await ask(app!, '/plain/one');
    expect(first.header('ratelimit')).toBe('"2/h";r=1;t=3600');
    expect((await ask(app!, '/plain/two')).status).toBe(200);
    expect((await ask(app!, '/plain/one')).status).toBe(429);
    expect((await ask(app!, '/accounts/login/')).status).toBe(429);
    expect((await ask(app!, '/class/one')).status).toBe(200);
    expect(await statuses(3, () => ask(app!, '/class/free'))).toEqual([200, 200, 200]);
    expect(await statuses(3, () => ask(app!, '/health/live'))).toEqual([200, 200, 200]);
  });

  it('can be switched off', async () => {
    await start({ security: { throttle: false } });
    expect(await statuses(3, () => ask(app!, '/class/one'))).toEqual([200, 200, 200]);
  });

  it('keep nothing that tells who asked', async () => {
    const record: string[] = [];
    await start({ cache: { driver: recordingDriver(record) } });
    await ask(app!, '/class/one', '203.0.113.77');
    await ask(app!, '/limited/own', '203.0.113.77', { 'x-tenant': 'acme' });
    expect(record).toHaveLength(2);
    expect(record.join('\n')).not.toMatch(/203\.0\.113|acme|limited|class/i);
  });

  it('are kept by processes together where they share the cache', async () => {
    const clock = new FakeClock();
    const driver = sharedDriver(clock);
    const apps = await Promise.all([1, 2].map(() => createLimitedApp({ cache: { driver }, clock })));
    const answers = await Promise.all(Array.from({ length: 100 }, (_, index) => ask(apps[index % 2]!, '/limited/ten')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10);
    await Promise.all(apps.map((one) => one.close()));
  });

  it('take back what they have counted when another limit refuses meanwhile', async () => {
    const clock = new FakeClock();
    await start({ cache: { driver: sharedDriver(clock) }, clock });
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask(app!, '/limited/raced')));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    expect((await ask(app!, '/limited/raced')).header('ratelimit')).toBe('"10/min";r=7;t=60, "3/h";r=0;t=3600');
  });

  it('refuse an adopting application in the way of Nest, on the routes that ask for it alone', async () => {
    await start({ http: { pipeline: 'own' }, security: { throttle: { default: [rate('1/h')] } } });
    expect(await statuses(2, () => ask(app!, '/plain/one'))).toEqual([200, 200]);
    await ask(app!, '/class/one');
    const refused = await ask(app!, '/class/one');
    expect([refused.status, refused.header('retry-after'), refused.header('ratelimit')]).toEqual([
      429,
      '60',
      '"1/min";r=0;t=60',
    ]);
    expect(refused.json()).toMatchObject({ statusCode: 429 });
  });

  it('fail loudly without a cache', async () => {
    await start({ cache: false }, { checks: false });
    const answer = await ask(app!, '/class/one');
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([500, 'security.no_cache']);
    expect((await ask(app!, '/plain/one')).status).toBe(200);
  });
});

describe('limits that mean nothing', () => {
  it.each<[() => unknown, string]>([
    [() => rate('10/parsec' as Rate), "The rate is '10/parsec'"],
    [() => rate('0/min'), "The rate is '0/min'"],
    [() => rate('-3/min'), "The rate is '-3/min'"],
    [() => tokenBucket({ capacity: 0, refill: '5/s' }), 'The capacity of a token bucket is 0'],
    [() => tokenBucket({ capacity: 5, refill: 'fast' as Rate }), "The rate is 'fast'"],
    [() => rate('1/min', { by: 'adress' as LimitBy }), 'Did you mean "address"?'],
    [() => rate('1/min', { scop: 'x' } as never), 'Did you mean "scope"?'],
    [() => rate('1/min', { scope: 'a b' }), "The scope of a limit is 'a b'"],
    [() => Throttle('10/min' as never), "A limit of @Throttle() is '10/min'"],
    [() => (Throttle as () => unknown)(), 'A limit of @Throttle() is undefined'],
  ])('are refused where they are written: %s', (write, message) => {
    expect(write).toThrow(
      expect.objectContaining({ code: 'security.limit', message: expect.stringContaining(message) }),
    );
  });

  it('cannot be asked for and skipped at the same place', () => {
    class Orders {}
    Throttle(rate('1/min'))(Orders);
    expect(() => SkipThrottle()(Orders)).toThrow(/What is limited is 'Orders'/);
    class Files {}
    SkipThrottle()(Files);
    expect(() => Throttle(rate('1/min'))(Files)).toThrow(/What is limited is 'Files'/);
  });

  it('are reported in the settings', () => {
    const problems = new SettingsProblems();
    const base = { production: false, root: new URL('file:///app/') };
    resolveSecurity({ throttle: { default: ['10/min'], other: 1 } as never }, problems, base);
    expect(problems.all.map(({ id, path }) => `${id} ${path}`)).toEqual([
      'security.E004 settings.security.throttle.default',
      'core.E001 settings.security.throttle.other',
    ]);
  });
});

describe('the check', () => {
  afterEach(() => {
    process.exitCode = 0;
  });

  const check = async (settings: Partial<FrameworkSettings>) => {
    const whole = { secretKey: 'k'.repeat(60), production: false, database: 'sqlite::memory:', ...settings };
    @Module({ imports: [FrameworkModule.forRoot(whole), LimitedModule] })
    class CheckedModule {}
    const io = new RecordingIo();
    await manage(CheckedModule, { argv: ['check', '--json', '--no-database'], io });
    const { findings } = JSON.parse(io.output.join('\n')) as { findings: readonly Finding[] };
    return findings.filter(({ level }) => level === 'error').map(({ id, at }) => `${id} ${at}`);
  };

  it('finds limits without a cache', async () => {
    const found = await check({ cache: false, security: { throttle: { default: [rate('1/h')] } } });
    expect(found).toContain('security.E005 LimitedController.ten');
    expect(found).toContain('security.E005 ClassController.one');
    expect(found).toContain('security.E005 settings.security.throttle.default');
    expect(found.join()).not.toMatch(/ClassController\.free|PlainController\.one/);
  });

  it('finds limits without the area that keeps them', async () => {
    const found = await check({ security: false, sessions: false, auth: false, admin: false });
    expect(found).toContain('framework.E005 PlainController.private');
    expect(found.join()).not.toContain('PlainController.one');
  });

  it('finds nothing where limits can be kept, or are off', async () => {
    expect(await check({})).toEqual([]);
    expect(await check({ cache: false, security: { throttle: false } })).toEqual([]);
  });
});
