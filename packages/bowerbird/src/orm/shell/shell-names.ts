import { type DiscoveryService } from '@nestjs/core';

import { APPLICATION, CommandError, didYouMean, requireContext } from '#core';

import { type Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { Q } from '../query/q.js';
import { atomic, describe, querySet } from '../transactions/ambient.js';
import { sqlTag } from './sql-tag.js';

/** What a shell knows by name. Names that JavaScript has already are not given away: they are in their app alone. */
export function shellNames(databases: Databases, discovery: DiscoveryService): ReadonlyMap<string, unknown> {
  const names = new Map<string, unknown>([
    ['db', databases.default],
    ['databases', databases],
    ['objects', querySet],
    ['sql', sqlTag(databases.default)],
    ['Q', Q],
    ['atomic', atomic],
    ['describe', describe],
    ['get', (token: unknown) => provider(token, discovery)],
  ]);
  const entities = databases.descriptions.withProxies();
  for (const [app, own] of byApp(entities)) if (isFree(names, app)) names.set(app, Object.freeze(own));
  for (const { name, target } of entities)
    if (isFree(names, name) && entities.filter((entity) => entity.name === name).length === 1) names.set(name, target);
  return names;
}

function byApp(entities: readonly EntityDescription[]): ReadonlyMap<string, Record<string, unknown>> {
  const apps = new Map<string, Record<string, unknown>>();
  for (const { app, name, target } of entities) apps.set(app, { ...apps.get(app), [name]: target });
  return apps;
}

function isFree(names: ReadonlyMap<string, unknown>, name: string): boolean {
  return !names.has(name) && !(name in globalThis) && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);
}

/** A provider of the application by its class or by the name of its class. */
function provider(token: unknown, discovery: DiscoveryService): unknown {
  if (typeof token !== 'string')
    return requireContext()
      .get(APPLICATION)!
      .get(token as never);
  const providers = discovery.getProviders();
  const found = providers.find(({ name }) => name === token);
  if (found) return found.instance as unknown;
  const known = providers.map(({ name }) => String(name));
  throw new CommandError(`No provider is named "${token}". ${didYouMean(token, known)}`.trim());
}
