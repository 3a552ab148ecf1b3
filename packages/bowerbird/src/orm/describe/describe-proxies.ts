import { type Class } from '#core';

import { type AppDescription } from '../apps/app-registry.js';
import { isProxy, proxiedEntity } from '../model/proxy-entity.decorator.js';
import { scopesOf } from './default-scope.decorator.js';
import { freezeDescription } from './describe-entity.js';
import { type EntityDescription } from './entity-description.js';
import { META_NOTE } from './meta.decorator.js';
import { humanize, pluralize } from './names.js';

/** The proxies of an app, as far as they stand for an entity that is described. */
export function describeProxies(
  { name, entities }: AppDescription,
  described: ReadonlyMap<unknown, EntityDescription>,
): readonly EntityDescription[] {
  return entities.filter(isProxy).flatMap((target) => {
    const entity = described.get(proxiedEntity(target));
    return entity ? [describeProxy(entity, target, name)] : [];
  });
}

/** What is known of the rows, in the words of another class. Migrations and the like see the entity alone. */
function describeProxy(entity: EntityDescription, target: Class, app: string): EntityDescription {
  const own = META_NOTE.readOwn(target) ?? {};
  const label = own.label ?? humanize(target.name);
  const { constraintProblems: _, ...plain } = entity;
  return freezeDescription({
    ...plain,
    target,
    name: target.name,
    app,
    key: `${app}.${target.name.toLowerCase()}`,
    label,
    labelPlural: own.labelPlural ?? pluralize(label),
    scopes: scopesOf(target, entity.deletionDate ?? undefined),
    ordering: own.ordering ? Object.freeze([...own.ordering]) : entity.ordering,
    latestBy: own.latestBy ?? entity.latestBy,
    display: own.display ?? entity.display,
    messages: Object.freeze({ ...entity.messages, ...own.messages }),
    permissions: Object.freeze({ ...own.permissions }),
    requires: [],
    managed: false,
    proxyOf: entity,
  });
}
