import { Injectable } from '@nestjs/common';

import { Check, CheckRule, error, type Findings } from '#core';

import { AppRegistry } from '../apps/app-registry.js';
import { Databases } from '../connection/databases.js';
import { type EntityDescription } from '../describe/entity-description.js';

/** What can be wrong with where routers place entities. */
@Check('orm')
@Injectable()
export class RoutingChecks {
  constructor(
    private readonly apps: AppRegistry,
    private readonly databases: Databases,
  ) {}

  @CheckRule()
  *homeless(): Findings {
    const { placement } = this.databases.default;
    if (!placement.isRouted) return;
    for (const { name, entities } of this.apps.all()) {
      for (const entity of entities)
        if (placement.homes(entity).length === 0)
          yield error('orm.E017', `No database takes ${entity.name} of the app "${name}"`, {
            at: entity.name,
            hint: 'Let migrate() of a router be true for one of the databases, or undefined for the one of the app',
          });
    }
  }

  @CheckRule()
  *separated(): Findings {
    const { placement, descriptions } = this.databases.default;
    if (!placement.isRouted) return;
    for (const entity of descriptions.all()) {
      for (const alias of placement.homes(entity.target).filter((home) => home !== entity.database))
        for (const { path, target } of this.leavingRelations(entity, alias))
          yield error('orm.E018', `${entity.name}.${path} leads out of the database "${alias}"`, {
            at: `${entity.name}.${path}`,
            hint: `A router places ${entity.name} there, but not ${target}; place both in the same databases`,
          });
    }
  }

  private leavingRelations(
    { relations }: EntityDescription,
    alias: string,
  ): readonly { readonly path: string; readonly target: string }[] {
    const { placement } = this.databases.default;
    return relations
      .filter(({ target }) => placement.placing(alias, target) === false)
      .map(({ path, target }) => ({ path, target: target.name }));
  }
}
