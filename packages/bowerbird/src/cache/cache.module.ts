import { Module, type DynamicModule, type Provider } from '@nestjs/common';

import { Clock, type AnyClass } from '#core';

import { CacheStore } from './cache-store.js';
import { CacheChecks } from './cache.checks.js';
import { CacheConfig } from './cache.options.js';
import { Cache } from './cache.service.js';

/** The cache. */
@Module({})
export class CacheModule {
  static forRoot(config: CacheConfig): DynamicModule {
    return {
      module: CacheModule,
      global: true,
      providers: [{ provide: CacheConfig, useValue: config }, storeProvider(config), Cache, CacheChecks],
      exports: [CacheConfig, CacheStore, Cache],
    };
  }
}

/** Builds the driver's store once the providers that it needs are there. */
function storeProvider({ driver }: CacheConfig): Provider {
  const needs = driver.needs ?? [];
  return {
    provide: CacheStore,
    inject: [Clock, ...needs],
    useFactory: (clock: Clock, ...found: readonly object[]) => {
      const get = <T extends object>(token: AnyClass<T>) => found[needs.indexOf(token)] as T;
      return driver.create({ clock, get });
    },
  };
}
