import cluster from 'node:cluster';

import { Check, CheckRule, warning, type Findings } from '#core';

import { CacheStore } from './cache-store.js';
import { CacheConfig } from './cache.options.js';

/** Checks of the cache that matter in production. */
@Check('cache')
export class CacheChecks {
  constructor(
    private readonly config: CacheConfig,
    private readonly store: CacheStore,
  ) {}

  @CheckRule({ deploy: true })
  *severalCaches(): Findings {
    if (this.store.shared || !cluster.isWorker) return;
    yield warning(
      'cache.W001',
      `Each process of the cluster has a "${this.config.driver.name}" cache of its own: what one forgets the others ` +
        'still know, and limits of requests count in each of them',
      { at: 'settings.cache.driver', hint: 'Use a cache that the processes share, or run one process' },
    );
  }
}
