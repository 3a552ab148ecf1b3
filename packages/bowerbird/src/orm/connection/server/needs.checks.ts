import { Inject, Injectable } from '@nestjs/common';

import { Check, CheckRule, didYouMean, error, type Findings } from '#core';

import { DATABASE_FEATURES, dialectOf, sortNeeds } from '../../describe/database-needs.js';
import { type Database } from '../database.js';
import { Databases } from '../databases.js';
import { impliedNeeds } from './implied-needs.js';
import { hasFeature, whereIs } from './server-features.js';
import { isAtLeast, readServer, type ServerInfo } from './server-info.js';

/** Whether databases have what entities need of them. */
@Check('orm')
@Injectable()
export class NeedsChecks {
  constructor(@Inject(Databases) private readonly databases: Databases) {}

  @CheckRule({ deploy: true })
  *kinds(): Findings {
    for (const { name, requires, target } of this.databases.descriptions.all()) {
      const { dialect, alias } = this.databases.of(target);
      const { products, extensions, unknown } = sortNeeds(requires);
      const wanted = [...products.keys(), ...(extensions.length > 0 ? (['postgres'] as const) : [])];
      if (wanted.length > 0 && !wanted.some((product) => dialectOf(product) === dialect))
        yield error(
          'orm.E053',
          `${name} requires ${[...new Set(wanted.map(dialectOf))].join(' or ')}; "${alias}" is ${dialect}`,
          {
            at: name,
            hint: 'Change the URL of the database, or @Meta({ requires }) of the entity',
          },
        );
      for (const word of unknown)
        yield error(
          'orm.E053',
          `${name} requires "${word}", which is nothing known. ${didYouMean(word, DATABASE_FEATURES)}`.trim(),
          {
            at: name,
            hint: `Known are kinds (postgres), versions (postgres>=15), extensions (postgres:pg_trgm), and ${DATABASE_FEATURES.join(', ')}`,
          },
        );
    }
  }

  @CheckRule({ deploy: true, database: true })
  async *servers(): Findings {
    const servers = new Map<Database, ServerInfo>();
    for (const entity of this.databases.descriptions.all()) {
      const needs = [...entity.requires, ...impliedNeeds(entity, this.databases.of(entity.target).dialect)];
      if (needs.length === 0) continue;
      const database = this.databases.of(entity.target);
      const server = servers.get(database) ?? (await readServer(database));
      servers.set(database, server);
      for (const { what, hint } of unmet(needs, server))
        yield error(
          'orm.E057',
          `${entity.name} needs ${what}; "${database.alias}" is ${server.product} ${server.version}`,
          {
            at: entity.name,
            hint,
          },
        );
    }
  }
}

interface Unmet {
  readonly what: string;
  readonly hint: string;
}

/** What a server lacks, apart from being of another kind, which is told without asking it. */
function unmet(needs: readonly string[], server: ServerInfo): readonly Unmet[] {
  const { products, features, extensions } = sortNeeds(needs);
  const least = products.get(server.product);
  const otherProduct = products.size > 0 && least === undefined && sameDialect([...products.keys()], server);
  return [
    ...(otherProduct ? [{ what: [...products.keys()].join(' or '), hint: 'Use one of these' }] : []),
    ...(least && !isAtLeast(server.version, least)
      ? [{ what: `${server.product} ${least} or later`, hint: 'Upgrade the server' }]
      : []),
    ...features
      .filter((feature) => !hasFeature(server, feature))
      .map((feature) => ({ what: feature, hint: `It is there since ${whereIs(feature)}` })),
    ...(server.product === 'postgres' ? extensions : [])
      .filter((name) => !server.extensions.has(name))
      .map((name) => ({
        what: `the extension ${name}`,
        hint: `Put ops.extension('${name}') into a migration, and the package of the extension onto the server`,
      })),
  ];
}

function sameDialect(products: readonly Parameters<typeof dialectOf>[0][], { product }: ServerInfo): boolean {
  return products.some((wanted) => dialectOf(wanted) === dialectOf(product));
}
