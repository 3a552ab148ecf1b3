import { type DataSource } from 'typeorm';

import { type Class } from '#core';

import { proxiedEntity } from '../model/proxy-entity.decorator.js';

/** Lets TypeORM find what it knows of a proxy: all that it knows of the entity whose rows they are. */
export function nameProxies({ entityMetadatasMap }: DataSource, proxies: readonly Class[]): void {
  for (const proxy of proxies) {
    const metadata = entityMetadatasMap.get(proxiedEntity(proxy));
    if (metadata) entityMetadatasMap.set(proxy, metadata);
  }
}
