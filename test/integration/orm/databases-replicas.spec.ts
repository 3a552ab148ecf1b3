import { Module } from '@nestjs/common';
import { APPLICATION, Clock, runWith } from 'bowerbird/core';
import { type Database } from 'bowerbird/orm';
import { FakeClock, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { openProxy, type BreakingProxy } from '../../support/breaking-proxy.js';
import { createDatabase, DIALECTS, openOrm, type OrmTestApp } from '../../support/databases.js';
import { Category, SHOP } from './shop.entities.js';

/** Two copies that differ from their primary, so that a test sees who answered. */
describe.each(DIALECTS.filter((dialect) => dialect !== 'sqlite'))('replicas on %s', (dialect) => {
  const clock = new FakeClock();
  const databases: TestDatabase[] = [];
  const proxies: BreakingProxy[] = [];
  let app: OrmTestApp;
  let db: Database;

  beforeAll(async () => {
    for (const name of ['primary', 'first', 'second']) {
      const database = await createDatabase(dialect);
      databases.push(database);
      const own = await openOrm({ database: database.url, entities: SHOP });
      await own.db.save(Object.assign(new Category(), { name }));
      await own.close();
      proxies.push(await openProxy(database.url));
    }
    const [primary, ...replicas] = proxies.map(({ url }) => url);
    app = await openOrm({
      database: primary!,
      entities: SHOP,
      options: { replicas, pool: { max: 3 } },
      imports: [clockModule(clock)],
      synchronize: false,
    });
    db = app.db;
  });
  beforeEach(() => {
    proxies.forEach((proxy) => proxy.up());
    clock.advance('1h');
  });
  afterAll(async () => {
    await app.close();
    for (const proxy of proxies) await proxy.close();
    for (const database of databases) await database.drop();
  });

  /** Who answers. */
  const ask = async (): Promise<string> => (await db.objects(Category).orderBy('id').first())!.name;
  const request = <R>(work: () => R): R => runWith(APPLICATION, { get: (token) => app.get(token) as never }, work);
  const write = (): Promise<number> => db.objects(Category).filter({ name: 'nobody' }).update({ name: 'somebody' });

  it('answer reads by turns', async () => {
    const answers = await request(async () => [await ask(), await ask(), await ask()]);
    expect(new Set(answers)).toEqual(new Set(['first', 'second']));
  });

  it('answer repositories and query builders', async () => {
    const found = await request(() => db.dataSource.getRepository(Category).find());
    expect(found[0]!.name).toMatch(/first|second/);
  });

  it('have no part in transactions and raw queries', async () => {
    await request(async () => {
      expect(await db.atomic(ask)).toBe('primary');
      expect(await db.query('SELECT name FROM category')).toEqual([{ name: 'primary' }]);
    });
  });

  it('are left alone outside of requests, jobs and commands', async () => {
    expect(await ask()).toBe('primary');
  });

  it('do not answer after a write of the same request, for a while', async () => {
    await request(async () => {
      expect(db.lastWrite).toBeUndefined();
      await runWith(APPLICATION, app as never, write);
      expect(await ask(), 'a write of another scope').not.toBe('primary');
      await db.atomic(write);
      expect(db.lastWrite).toEqual(clock.now());
      expect(await ask()).toBe('primary');
      expect(await db.dataSource.getRepository(Category).find()).toMatchObject([{ name: 'primary' }]);
      expect(await request(ask), 'another scope inside').toBe('primary');
      clock.advance('11s');
      expect(await ask()).not.toBe('primary');
    });
    expect(await request(ask), 'the next request').not.toBe('primary');
  });

  it('can be passed over', async () => {
    await request(async () => {
      expect(await db.onPrimary(ask)).toBe('primary');
      expect(await ask()).not.toBe('primary');
      db.stickToPrimary();
      expect(await ask()).toBe('primary');
    });
  });

  it('do not answer where a row is made unless it is there', async () => {
    const { created } = await request(() => db.objects(Category).getOrCreate({ name: 'primary' }));
    expect(created).toBe(false);
  });

  it('are left out while they are down, and asked again later', async () => {
    proxies[1]!.down();
    const answers = await request(async () => [await ask(), await ask(), await ask(), await ask()]);
    expect(new Set(answers)).toEqual(new Set(['second']));
    proxies[2]!.down();
    expect(await request(ask)).toBe('primary');
    proxies.forEach((proxy) => proxy.up());
    expect(await request(ask), 'before it is time').toBe('primary');
    clock.advance('31s');
    expect(await request(ask)).toMatch(/first|second/);
  });

  it('that break in the middle of a read do not fail it', async () => {
    await request(async () => {
      await Promise.all([ask(), ask(), ask(), ask()]);
      proxies[1]!.breakNext();
      proxies[2]!.breakNext();
      expect([await ask(), await ask()].every((name) => /primary|first|second/.test(name))).toBe(true);
    });
  });
});

function clockModule(clock: Clock) {
  @Module({})
  class ClockModule {}
  return { module: ClockModule, global: true, providers: [{ provide: Clock, useValue: clock }], exports: [Clock] };
}
