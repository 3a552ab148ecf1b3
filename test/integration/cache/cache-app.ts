import { Module, type INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Cache,
  cacheDrivers,
  CacheModule,
  resolveCache,
  type CacheDriver,
  type CacheOptions,
  type CacheStore,
} from 'bowerbird/cache';
import { CoreModule, SecretKeys, SettingsProblems, type Clock } from 'bowerbird/core';
import { FakeClock } from 'bowerbird/testing';

export interface CacheApp {
  readonly cache: Cache;
  readonly clock: FakeClock;
  readonly nest: INestApplicationContext;
}

/** A small application with a cache, and with a clock that stands still. */
export async function bootCache(options: CacheOptions = {}): Promise<CacheApp> {
  const problems = new SettingsProblems();
  const config = resolveCache(options, problems);
  if (problems.all.length > 0) throw new Error(JSON.stringify(problems.all));
  const clock = new FakeClock();
  @Module({ imports: [CoreModule.forRoot(new SecretKeys('k'.repeat(50)), clock), CacheModule.forRoot(config)] })
  class CacheTestModule {}
  const nest = await NestFactory.createApplicationContext(CacheTestModule, { logger: false });
  return { cache: nest.get(Cache), clock, nest };
}

/** A driver whose applications share one store, as processes share a server: what is read comes late. */
export function sharedDriver(clock: Clock): CacheDriver {
  let store: Promise<CacheStore> | undefined;
  return { name: 'one for all', create: () => (store ??= lateStore(clock)) };
}

async function lateStore(clock: Clock): Promise<CacheStore> {
  const get = (): never => {
    throw new Error('nothing is needed');
  };
  const store = await cacheDrivers.memory().create({ clock, get });
  const read = store.get.bind(store);
  store.get = async (keys) => {
    const found = await read(keys);
    await new Promise(setImmediate);
    return found;
  };
  return store;
}
