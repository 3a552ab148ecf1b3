import { getMetadataArgsStorage } from 'typeorm';

import { type Class } from '#core';

import { type AppRegistry } from '../apps/app-registry.js';
import { isProxy, proxiedEntity } from '../model/proxy-entity.decorator.js';
import { type EntityProblem } from './descriptions.js';
import { type EntityDescription } from './entity-description.js';

/** Why a class cannot stand for the rows of another, and what to do. */
type Misuse = readonly [problem: string, hint: string];

/** What is wrong with the classes that say `@ProxyEntity`. */
export function proxyProblems(registry: AppRegistry, all: readonly EntityDescription[]): readonly EntityProblem[] {
  const proxies = registry.all().flatMap(({ entities }) => entities.filter(isProxy));
  return proxies.flatMap((proxy) => {
    const [problem, hint] = misuse(proxy, all) ?? [];
    if (problem === undefined || hint === undefined) return [];
    return [{ id: 'orm.E085', message: `${proxy.name} has @ProxyEntity and ${problem}`, at: proxy.name, hint }];
  });
}

function misuse(proxy: Class, all: readonly EntityDescription[]): Misuse | undefined {
  const entity = all.find(({ target }) => target === proxiedEntity(proxy));
  if (isDeclared(proxy))
    return ['@Entity as well', 'Leave @Entity out: the rows are those of the entity that the class extends'];
  if (!entity) return ['extends no entity of the apps', 'Let it extend an entity, and list that in its app'];
  if (entity.inheritance)
    return [
      `extends ${entity.name}, whose table tells classes apart by a column`,
      'Add a @ChildEntity, or give a @DefaultScope to a proxy of an entity that has its table to itself',
    ];
  const own = ownProperties(proxy);
  if (own.length > 0)
    return [`declares ${own.join(', ')}`, `Move it to ${entity.name}: a proxy has no columns and relations of its own`];
  return undefined;
}

function isDeclared(proxy: Class): boolean {
  return getMetadataArgsStorage().tables.some(({ target }) => target === proxy);
}

function ownProperties(proxy: Class): readonly string[] {
  const { columns, relations, embeddeds } = getMetadataArgsStorage();
  return [...columns, ...relations, ...embeddeds].flatMap(({ target, propertyName }) =>
    target === proxy ? [propertyName] : [],
  );
}
