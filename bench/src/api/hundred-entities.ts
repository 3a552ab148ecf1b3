import { Module, type Type } from '@nestjs/common';
import { cursor, ModelViewSet, ViewSet } from 'bowerbird/api';
import { App } from 'bowerbird/orm';

import { bareEntities } from '../servers/bare-entities.js';

const COUNT = 100;

/** A hundred entities with a viewset each, as an application that grew for years has them. */
export function hundredEntities(): Type {
  const entities = bareEntities(COUNT);
  const controllers = entities.map((entity, index) => viewsetOf(entity, index));
  @App({ name: 'hundred', entities: [...entities] })
  @Module({ controllers })
  class HundredModule {}
  return HundredModule;
}

function viewsetOf(entity: new () => object, index: number): Type {
  const relations = index === 0 ? [] : ['parent', 'others'];
  @ViewSet(entity, {
    path: `bare-${index}`,
    fields: ['id', 'name', 'slug', 'summary', 'amount', 'active', 'changedAt', ...relations],
    filters: ['name', 'amount', 'active', 'changedAt', ...relations],
    search: ['name'],
    ordering: ['name', 'amount'],
    pagination: cursor(),
  })
  class BareViewSet extends ModelViewSet {}
  Object.defineProperty(BareViewSet, 'name', { value: `Bare${index}ViewSet` });
  return BareViewSet;
}
