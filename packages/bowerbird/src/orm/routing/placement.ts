import { type AnyClass, type Class } from '#core';

import { type AppDescription, type AppRegistry } from '../apps/app-registry.js';
import { isProxy, proxiedEntity } from '../model/proxy-entity.decorator.js';
import { UnknownDatabaseError } from '../orm.errors.js';
import {
  type DatabaseRouter,
  type PlacedRow,
  type Placing,
  type RoutedEntity,
  type RouteHints,
} from './database-router.js';
import { CrossDatabaseError, WrongDatabaseError } from './routing.errors.js';

/** Which databases hold, read and write which entities: what the routers say, and else the app. */
export class Placement {
  private readonly origins = new WeakMap<object, string>();
  private readonly holders = new Map<AnyClass, ReadonlyMap<string, Placing>>();

  constructor(
    private readonly routers: readonly DatabaseRouter[],
    private readonly registry: AppRegistry,
    private readonly aliases: readonly string[],
  ) {}

  /** Whether there is more than one database. */
  get isSplit(): boolean {
    return this.aliases.length > 1;
  }

  /** Whether routers have a say. */
  get isRouted(): boolean {
    return this.routers.length > 0;
  }

  /** Whether a database holds an entity; undefined for one that is in no app. */
  placing(alias: string, target: AnyClass): Placing | undefined {
    return this.holdersOf(target)?.get(alias);
  }

  /** Whether migrations make the tables of an entity in a database. Also for entities that are gone. */
  migrates(alias: string, entity: RoutedEntity): boolean {
    return this.decide(alias, entity) === true;
  }

  /** Whether a database makes the table of an entity, also of one in no app, which came with its data source. */
  isHome(alias: string, { target, database }: { readonly target: AnyClass; readonly database: string }): boolean {
    const placing = this.placing(alias, target);
    return placing === undefined ? database === alias : placing === true;
  }

  /** Whether a database has the table of an entity, made by migrations or as a copy. */
  holds(alias: string, { target, database }: { readonly target: AnyClass; readonly database: string }): boolean {
    const placing = this.placing(alias, target);
    return placing === undefined ? database === alias : placing !== false;
  }

  /** The databases in which the migrations of an app make something; the one of the app first. */
  homesOfApp(app: AppDescription): readonly string[] {
    const homes = this.aliases.filter((alias) => this.migratesApp(alias, app));
    return homes.sort((left, right) => Number(right === app.database) - Number(left === app.database));
  }

  /** Whether the migrations of an app are run in a database. */
  migratesApp(alias: string, { database, entities }: AppDescription): boolean {
    return database === alias || entities.some((entity) => !isProxy(entity) && this.placing(alias, entity) === true);
  }

  /** As {@link migratesApp}, by the name of the app; false for one that is not installed. */
  makesTablesOf(alias: string, name: string): boolean {
    return this.registry.has(name) && this.migratesApp(alias, this.registry.get(name));
  }

  /** The one database in which an app's own SQL and code is run by its migrations. */
  mainOfApp(name: string): string | undefined {
    if (!this.registry.has(name)) return undefined;
    const app = this.registry.get(name);
    const homes = new Set(app.entities.flatMap((entity) => (isProxy(entity) ? [] : this.homes(entity))));
    return homes.size === 0 || homes.has(app.database) ? app.database : [...homes][0];
  }

  /** The databases in which migrations make the table of an entity; the one of its app first. */
  homes(target: AnyClass): readonly string[] {
    const own = this.appOf(target)?.database;
    const homes = [...(this.holdersOf(target) ?? [])].filter(([, placing]) => placing === true);
    return homes.map(([alias]) => alias).sort((left, right) => Number(right === own) - Number(left === own));
  }

  /** The database of an entity that is meant where none is named. */
  main(target: AnyClass): string | undefined {
    return this.homes(target)[0] ?? this.appOf(target)?.database;
  }

  /** The database to read an entity from. @throws WrongDatabaseError, UnknownDatabaseError for what a router says */
  read(target: AnyClass, fallback: string, hints: RouteHints = {}): string {
    return this.route('read', target, hints) ?? this.originOf(hints.row) ?? fallback;
  }

  /** The database to write an entity to. @throws WrongDatabaseError, UnknownDatabaseError for what a router says */
  write(target: AnyClass, fallback: string, hints: RouteHints = {}): string {
    return this.route('write', target, hints) ?? this.originOf(hints.row) ?? fallback;
  }

  /** @throws WrongDatabaseError when a database does not hold an entity */
  requireHeld(target: AnyClass, alias: string): void {
    if (!this.isSplit) return;
    const holders = this.holdersOf(target);
    if (!holders || holders.get(alias)) return;
    const all = [...holders].flatMap(([name, placing]) => (placing ? [name] : []));
    throw new WrongDatabaseError(target.name, alias, all);
  }

  /** Remembers where rows come from, which only matters where several databases hold them. */
  remember(rows: readonly object[], alias: string): void {
    if (this.aliases.length === 1) return;
    for (const row of rows) this.origins.set(row, alias);
  }

  /** The database that a row was loaded from or saved to last. */
  originOf(row: object | undefined): string | undefined {
    return row && this.origins.get(row);
  }

  /** @throws CrossDatabaseError when a row that is written to a database may not refer to another */
  requireRelated(row: object, alias: string, related: object): void {
    const origin = this.origins.get(related);
    if (origin === undefined) return;
    const from: PlacedRow = { ...this.routed(row.constructor as Class), row, database: alias };
    const to: PlacedRow = { ...this.routed(related.constructor as Class), row: related, database: origin };
    const allowed = this.first((router) => router.relation?.(from, to)) ?? alias === origin;
    if (!allowed) throw new CrossDatabaseError(from.name, alias, to.name, origin);
  }

  private route(verb: 'read' | 'write', target: AnyClass, hints: RouteHints): string | undefined {
    const alias = this.first((router) => router[verb]?.(this.routed(target), hints));
    if (alias === undefined) return undefined;
    if (!this.aliases.includes(alias)) throw new UnknownDatabaseError(alias, this.aliases);
    this.requireHeld(target, alias);
    return alias;
  }

  private holdersOf(given: AnyClass): ReadonlyMap<string, Placing> | undefined {
    const target = proxiedEntity(given);
    if (!this.appOf(target)) return undefined;
    const known = this.holders.get(target);
    if (known) return known;
    const entity = this.routed(target);
    const holders = new Map(this.aliases.map((alias) => [alias, this.decide(alias, entity)]));
    this.holders.set(target, holders);
    return holders;
  }

  private decide(alias: string, entity: RoutedEntity): Placing {
    const said = this.first((router) => router.migrate?.(alias, entity));
    if (said !== undefined) return said;
    return this.registry.has(entity.app) && this.registry.get(entity.app).database === alias;
  }

  /** Rows are where their entity is, whatever proxy they are looked at by. */
  private appOf(target: AnyClass): AppDescription | undefined {
    return this.registry.appOf(proxiedEntity(target));
  }

  private routed(given: AnyClass): RoutedEntity {
    const target = proxiedEntity(given);
    return { app: this.appOf(target)?.name ?? '', name: target.name, target };
  }

  private first<R>(ask: (router: DatabaseRouter) => R | undefined): R | undefined {
    for (const router of this.routers) {
      const answer = ask(router);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }
}
