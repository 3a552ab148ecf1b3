import cluster from 'node:cluster';

import { Cache, cacheDrivers, CacheStore, resolveCache, type CacheOptions } from 'bowerbird/cache';
import { CheckRunner, SettingsProblems } from 'bowerbird/core';
import { createTestApp, describeCacheStore, FakeClock } from 'bowerbird/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { bootCache, sharedDriver, type CacheApp } from './cache-app.js';

const parts = (clock = new FakeClock()) => ({ clock, get: () => undefined as never });

describeCacheStore({ describe, it, expect }, 'memory', (clock) => cacheDrivers.memory().create(parts(clock as never)));

describe('the cache in memory', () => {
  const create = (options: Parameters<typeof cacheDrivers.memory>[0]) => cacheDrivers.memory(options).create(parts());
  const entry = (key: string, value = '1') => ({ key, value, ttl: null });

  it('forgets the entry that was used longest ago when there are too many', async () => {
    const store = await create({ maxEntries: 3 });
    await store.set(['a', 'b', 'c'].map((key) => entry(key)));
    await store.get(['a']);
    await store.increment('b', 1, null);
    await store.set([entry('d')]);
    expect(await store.get(['a', 'b', 'c', 'd'])).toEqual(['1', '2', undefined, '1']);
  });

  it('forgets as many as it must when there are too many bytes, and keeps none that is too large', async () => {
    const store = await create({ maxBytes: 20 });
    await store.set([entry('a', '"12345"'), entry('b', '"12345"'), entry('ü', '"1234"')]);
    expect(await store.get(['a', 'b', 'ü'])).toEqual([undefined, '"12345"', '"1234"']);
    await store.set([entry('b', `"${'x'.repeat(30)}"`)]);
    expect(await store.get(['b', 'ü'])).toEqual([undefined, '"1234"']);
    await store.delete(['ü']);
    await store.set([entry('c', '"123456789012345"')]);
    expect(await store.get(['c'])).toEqual(['"123456789012345"']);
  });

  it.each([0, -1, 1.5, Number.NaN, '5'])('refuses bounds such as %j, and shows them', (value) => {
    expect(() => cacheDrivers.memory({ maxEntries: value as number })).toThrow(
      expect.objectContaining({ code: 'cache.option', message: expect.stringContaining(String(value)) }),
    );
  });
});

describe('the cache', () => {
  let app: CacheApp;
  let cache: Cache;
  beforeEach(async () => {
    app = await bootCache();
    cache = app.cache;
  });
  afterEach(() => app.nest.close());

  it('gives copies, so that nobody changes what others get', async () => {
    const value = { list: [1] };
    await cache.set('key', value);
    value.list.push(2);
    (await cache.get<{ list: number[] }>('key'))!.list.push(3);
    expect(await cache.get('key')).toEqual({ list: [1] });
    const made = await cache.getOrSet('made', () => value);
    made.list.push(4);
    expect(await cache.get('made')).toEqual({ list: [1, 2] });
  });

  it('tells null from nothing', async () => {
    await cache.set('key', null);
    expect([await cache.get('key'), await cache.has('key')]).toEqual([null, true]);
    expect([await cache.get('other'), await cache.has('other')]).toEqual([undefined, false]);
  });

  it('keeps values for five minutes unless said otherwise', async () => {
    await cache.setMany({ usual: 1 });
    await cache.set('short', 1, { ttl: '1s' });
    await cache.set('endless', 1, { ttl: null });
    app.clock.advance('1s');
    expect([...(await cache.getMany(['usual', 'short', 'endless'])).keys()]).toEqual(['usual', 'endless']);
    app.clock.advance('299s');
    expect([...(await cache.getMany(['usual', 'short', 'endless'])).keys()]).toEqual(['endless']);
    expect(await cache.touch('endless', { ttl: '1s' })).toBe(true);
    app.clock.advance('1s');
    expect(await cache.has('endless')).toBe(false);
  });

  it('deletes one and many, and clears all', async () => {
    await cache.setMany({ a: 1, b: 2, c: 3 });
    expect([await cache.delete('a'), await cache.delete('a'), await cache.deleteMany(['b', 'x'])]).toEqual([
      true,
      false,
      1,
    ]);
    await cache.clear();
    expect(await cache.get('c')).toBeUndefined();
  });

  it('keeps versions apart', async () => {
    await cache.set('key', 'new', { version: 2 });
    expect([await cache.get('key'), await cache.get('key', { version: 2 })]).toEqual([undefined, 'new']);
    expect(await cache.delete('key', { version: 2 })).toBe(true);
  });

  it('takes keys of any length', async () => {
    await cache.set(`${'x'.repeat(1000)}1`, 1);
    await cache.set(`${'x'.repeat(1000)}2`, 2);
    expect(await cache.get(`${'x'.repeat(1000)}1`)).toBe(1);
  });

  it('counts', async () => {
    expect([await cache.increment('n'), await cache.increment('n', 4), await cache.decrement('n', 2)]).toEqual([
      1, 5, 3,
    ]);
    await expect(cache.increment('n', 0.5)).rejects.toMatchObject({ code: 'cache.number' });
    await cache.set('text', 'x');
    await expect(cache.increment('text')).rejects.toMatchObject({
      code: 'cache.number',
      message: expect.stringContaining('text'),
    });
  });

  describe('getOrSet', () => {
    it('makes a value once for all who miss it at the same time', async () => {
      let made = 0;
      const make = async () => {
        made += 1;
        await new Promise(setImmediate);
        return { made };
      };
      const values = await Promise.all(Array.from({ length: 100 }, () => cache.getOrSet('key', make)));
      expect([made, new Set(values).size, values[99]]).toEqual([1, 100, { made: 1 }]);
      expect(await cache.getOrSet('key', make)).toEqual({ made: 1 });
      app.clock.advance('5m');
      expect(await cache.getOrSet('key', make)).toEqual({ made: 2 });
    });

    it('keeps nothing of a making that fails, and tells everybody', async () => {
      const fail = () => Promise.reject(new Error('no such city'));
      const outcomes = await Promise.allSettled([cache.getOrSet('key', fail), cache.getOrSet('key', fail)]);
      expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(await cache.getOrSet('key', () => 1)).toBe(1);
    });

    it('gives what somebody else has kept meanwhile', async () => {
      const value = await cache.getOrSet('key', async () => {
        await cache.set('key', 'theirs');
        return 'mine';
      });
      expect([value, await cache.get('key')]).toEqual(['theirs', 'theirs']);
    });
  });

  describe('update', () => {
    it('loses no change, whichever process makes it', async () => {
      const driver = sharedDriver(app.clock);
      const processes = await Promise.all([bootCache({ driver }), bootCache({ driver })]);
      const add = (amount = 0) => amount + 1;
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => processes[index % 2]!.cache.update('n', add, { ttl: '1m' })),
      );
      expect(await processes[0].cache.get('n')).toBe(100);
      await Promise.all(processes.map(({ nest }) => nest.close()));
    });

    it('leaves a value for undefined', async () => {
      await cache.set('n', 1, { ttl: '1s' });
      expect(await cache.update('n', () => undefined)).toBe(1);
      expect(await cache.update('other', () => undefined)).toBeUndefined();
      app.clock.advance('1s');
      expect([await cache.has('n'), await cache.has('other')]).toEqual([false, false]);
    });

    it('gives up when others never stop', async () => {
      await cache.set('key', 0);
      const store = app.nest.get(CacheStore);
      let round = 0;
      const meddle = () => {
        round += 1;
        void store.set([{ key: ':1:key', value: String(round), ttl: null }]);
        return -1;
      };
      await expect(cache.update('key', meddle)).rejects.toMatchObject({ code: 'cache.busy', status: 503 });
    });
  });

  it.each([
    [undefined, '"value" for the cache key "key" is undefined'],
    [{ at: [new Date(0)] }, '"value.at.0" for the cache key "key" is an object of Date'],
    [new Map(), 'an object of Map'],
    [Number.NaN, 'the number NaN'],
    [1n, 'a bigint'],
  ])('refuses %s, which JSON cannot hold', async (value, message) => {
    const refused = { code: 'cache.value', message: expect.stringContaining(message) };
    await expect(cache.set('key', value)).rejects.toMatchObject(refused);
    await expect(cache.getOrSet('key', () => value)).rejects.toMatchObject(refused);
  });

  it('refuses keys that are none, and times that keep nothing', async () => {
    for (const key of ['', undefined, 7])
      await expect(cache.get(key as string)).rejects.toMatchObject({ code: 'cache.key' });
    for (const ttl of ['0s', '-1s', 'soon', 60])
      await expect(cache.set('key', 1, { ttl: ttl as '1s' })).rejects.toMatchObject({
        code: 'cache.ttl',
        message: expect.stringContaining(String(ttl)),
      });
  });
});

describe('settings.cache', () => {
  const ids = (options: unknown) => {
    const problems = new SettingsProblems();
    resolveCache(options as CacheOptions, problems);
    return problems.all.map(({ id, path }) => `${id} ${path}`);
  };

  it('may say where and for how long values are kept', async () => {
    const options = { driver: cacheDrivers.memory(), prefix: 'shop', version: 3, ttl: '1m' } as const;
    expect(ids(options)).toEqual([]);
    const { cache, clock, nest } = await bootCache(options);
    await cache.set('key', 1);
    expect(await nest.get(CacheStore).get(['shop:3:key'])).toEqual(['1']);
    clock.advance('1m');
    expect(await cache.has('key')).toBe(false);
    await nest.close();
  });

  it('names everything that is wrong', () => {
    expect(ids({ driver: 'redis', prefix: 'a:b', version: 0, ttl: 60, typo: 1 }).sort()).toEqual([
      'cache.E001 settings.cache.driver',
      'core.E001 settings.cache.typo',
      'core.E002 settings.cache.ttl',
      'core.E003 settings.cache.prefix',
      'core.E003 settings.cache.version',
    ]);
  });

  it('is a cache in every application, unless it is off', async () => {
    const app = await createTestApp({});
    expect(await app.get(Cache).getOrSet('key', () => 1)).toBe(1);
    app.clock.advance('5m');
    expect(await app.get(Cache).has('key')).toBe(false);
    await app.close();
    const without = await createTestApp({ cache: false });
    expect(() => without.get(Cache)).toThrow();
    await without.close();
  });
});

describe('the checks of the cache', () => {
  const found = async (options: CacheOptions) => {
    const { nest } = await bootCache(options);
    const report = await nest.get(CheckRunner).run({ deploy: true, areas: ['cache'] });
    await nest.close();
    return report.findings.map(({ id }) => id);
  };
  afterEach(() => {
    (cluster as { isWorker: boolean }).isWorker = false;
  });

  it('find a cache for each process where there are several', async () => {
    (cluster as { isWorker: boolean }).isWorker = true;
    expect(await found({})).toEqual(['cache.W001']);
  });

  it('find nothing where there is one process, or one cache', async () => {
    expect(await found({})).toEqual([]);
    (cluster as { isWorker: boolean }).isWorker = true;
    const store = Object.assign(await cacheDrivers.memory().create(parts()), { shared: true });
    expect(await found({ driver: { name: 'shared', create: async () => store } })).toEqual([]);
  });
});
