import { type DiscoveryService } from '@nestjs/core';
import { getMetadataArgsStorage, type EntityMetadata } from 'typeorm';

import { SignalHub, SystemClock, type Class, type Clock } from '#core';

import { type AppDescription, type AppRegistry } from '../apps/app-registry.js';
import { GenericKinds } from '../content-types/generic-kinds.js';
import { describeEntity } from '../describe/describe-entity.js';
import { describeProxies } from '../describe/describe-proxies.js';
import { Descriptions } from '../describe/descriptions.js';
import { type Dialect, type EntityDescription } from '../describe/entity-description.js';
import { findEntityProblems } from '../describe/entity-problems.js';
import { optionProblems } from '../describe/typeorm-options.js';
import { type DatabaseDriver } from '../drivers/database-driver.js';
import { MysqlDriver } from '../drivers/mysql.driver.js';
import { PostgresDriver } from '../drivers/postgres.driver.js';
import { SqliteDriver } from '../drivers/sqlite.driver.js';
import { MigrationFolder } from '../migrations/writer/migration-folder.js';
import { type ColumnCipher } from '../model/casts/column-cipher.js';
import { installCasts } from '../model/casts/install-casts.js';
import { isProxy, proxiedEntity } from '../model/proxy-entity.decorator.js';
import { EntityMetadataError } from '../orm.errors.js';
import { type DatabaseConfig, type OrmConfig } from '../orm.options.js';
import { Placement } from '../routing/placement.js';
import { WriteNotifier } from '../writes/write-notifier.js';
import { WriteSubscriber } from '../writes/write-subscriber.js';
import { DatabaseConnection, type EntityClasses } from './database-connection.js';
import { Database } from './database.js';
import { Databases } from './databases.js';

const DRIVERS: Readonly<Record<Dialect, new () => DatabaseDriver>> = {
  sqlite: SqliteDriver,
  postgres: PostgresDriver,
  mysql: MysqlDriver,
};

/** One data source and the subscriber that waits for the application. */
interface Opened {
  readonly connection: DatabaseConnection;
  readonly subscriber: WriteSubscriber;
}

/** What the application provides to its databases. */
export interface DatabaseServices {
  readonly cipher: ColumnCipher;
  readonly clock?: Clock;
  readonly hub?: SignalHub;
}

/** Builds data sources, descriptions and databases. Nothing connects yet. @throws EntityMetadataError */
export async function createDatabases(
  config: OrmConfig,
  registry: AppRegistry,
  discovery: DiscoveryService,
  { cipher, clock = new SystemClock(), hub = new SignalHub(discovery) }: DatabaseServices,
): Promise<Databases> {
  const aliases = config.databases.map(({ alias }) => alias);
  const placement = new Placement(config.routers, registry, aliases);
  const parts = { registry, placement, clock, cipher };
  const opened = await Promise.all(config.databases.map((database) => openDatabase(database, parts)));
  const descriptions = describeAll(opened, parts);
  const writes = new WriteNotifier(discovery);
  const all = new Map<string, Database>();
  const kinds = new GenericKinds();
  for (const { connection, subscriber } of opened) {
    const database = new Database({ connection, descriptions, writes, hub, placement, all, kinds });
    database.watch(subscriber);
    all.set(database.alias, database);
  }
  return new Databases(all, descriptions, kinds);
}

/** What every database is built from. */
interface Parts {
  readonly registry: AppRegistry;
  readonly placement: Placement;
  readonly clock: Clock;
  readonly cipher: ColumnCipher;
}

async function openDatabase(config: DatabaseConfig, { registry, placement, clock, cipher }: Parts): Promise<Opened> {
  const subscriber = new WriteSubscriber();
  const classes = classesOf(config.alias, registry, placement);
  const driver = new DRIVERS[config.dialect]();
  const connection = await DatabaseConnection.create(config, driver, classes, subscriber, clock);
  installCasts(connection.dataSource, cipher);
  return { connection, subscriber };
}

function classesOf(alias: string, registry: AppRegistry, placement: Placement): EntityClasses {
  const known = new Set(getMetadataArgsStorage().tables.map(({ target }) => target));
  const all = registry
    .all()
    .flatMap(({ entities }) => entities)
    .filter((entity) => placement.placing(alias, entity));
  return {
    entities: withRelated(all.filter((entity) => known.has(entity) && !isProxy(entity))),
    proxies: all.filter(isProxy),
  };
}

/** Adds the entities that relations lead to, so that one that nobody owns becomes a finding instead of a crash. */
function withRelated(entities: readonly Class[]): readonly Class[] {
  const { relations, foreignKeys } = getMetadataArgsStorage();
  const all = new Set<unknown>(entities);
  for (const entity of all) {
    for (const { target, type, propertyName } of [...relations, ...foreignKeys]) {
      if (typeof target !== 'function' || !isSameOrAncestor(target, entity)) continue;
      const related: unknown = typeof type === 'function' ? (type as () => unknown)() : undefined;
      if (typeof related !== 'function') continue;
      if (isProxy(related as Class)) throw refersToProxy(target.name, propertyName, related as Class);
      all.add(related);
    }
  }
  return [...all] as Class[];
}

function refersToProxy(entity: string, property: string | undefined, proxy: Class): EntityMetadataError {
  const at = property === undefined ? entity : `${entity}.${property}`;
  return new EntityMetadataError(`${at} refers to ${proxy.name}, which is a proxy and has no table`, {
    hint: `Refer to ${proxiedEntity(proxy).name}, whose rows they are`,
  });
}

function isSameOrAncestor(ancestor: unknown, entity: unknown): boolean {
  return ancestor === entity || (entity as { prototype: object }).prototype instanceof (ancestor as Class);
}

function describeAll(opened: readonly Opened[], parts: Parts): Descriptions {
  const { registry } = parts;
  const sources = opened.flatMap(({ connection }) =>
    connection.dataSource.entityMetadatas.filter(isDescribed).map((metadata) => ({ metadata, connection })),
  );
  const inOrder = registry.all().flatMap(({ entities }) => entities);
  const rank = ({ target }: EntityDescription) => inOrder.indexOf(target) >>> 0;
  const places = describeSources(sources, parts);
  const proxies = registry.all().flatMap((app) => describeProxies(app, places));
  const all = [...places.values(), ...proxies].sort((left, right) => rank(left) - rank(right));
  const problems = findEntityProblems(
    all,
    registry,
    opened.map(({ connection }) => connection.config),
  );
  const options = sources
    .filter(({ metadata, connection: { config } }) => {
      const { managed, database } = places.get(metadata.target)!;
      return managed && database === config.alias;
    })
    .flatMap(({ metadata, connection: { config } }) => optionProblems(metadata, config.dialect));
  return new Descriptions(all, [...problems, ...options]);
}

/** What TypeORM knows of an entity in one of the databases. */
interface DescribedSource {
  readonly metadata: EntityMetadata;
  readonly connection: DatabaseConnection;
}

/** The descriptions by class; of entities in several databases that of the main one. */
function describeSources(
  sources: readonly DescribedSource[],
  { registry, placement }: Parts,
): ReadonlyMap<unknown, EntityDescription> {
  const places = new Map<unknown, EntityDescription>();
  for (const { metadata, connection } of sources) {
    const { alias } = connection.config;
    const owner = registry.appOf(metadata.target as Class);
    const isMain = placement.main(metadata.target as Class) === alias;
    const description = describeEntity(metadata, {
      app: isMain ? owner : undefined,
      database: alias,
      foreign: connection.foreign.has(metadata.target),
      limitChecks: connection.config.limitChecks === true && isOwn(owner),
    });
    if (!places.has(metadata.target) || isMain) places.set(metadata.target, description);
  }
  return places;
}

/** Whether migrations of an app are the project's own to write; those of an installed package are what they are. */
function isOwn(app: AppDescription | undefined): boolean {
  return app !== undefined && MigrationFolder.of(app)?.writable !== false;
}

function isDescribed({ tableType, target }: EntityMetadata): boolean {
  return ['regular', 'view', 'entity-child'].includes(tableType) && typeof target === 'function';
}
