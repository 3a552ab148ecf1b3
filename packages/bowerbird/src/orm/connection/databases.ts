import { type AnyClass, type Class } from '#core';

import { type GenericKinds } from '../content-types/generic-kinds.js';
import { type Descriptions } from '../describe/descriptions.js';
import { type ManagedEntity } from '../model/managed.types.js';
import { rowsClassOf } from '../model/manager-note.js';
import { UnknownDatabaseError } from '../orm.errors.js';
import { QuerySet } from '../query/query-set.js';
import { type RouteHints } from '../routing/database-router.js';
import { type Database } from './database.js';

/** Every database of the application, and which of them routers choose. */
export class Databases {
  constructor(
    private readonly byAlias: ReadonlyMap<string, Database>,
    readonly descriptions: Descriptions,
    /** What queries know of content types. */
    readonly kinds: GenericKinds,
  ) {}

  get default(): Database {
    return this.get('default');
  }

  /** @throws UnknownDatabaseError with the nearest alias */
  get(alias: string): Database {
    const database = this.byAlias.get(alias);
    if (!database) throw new UnknownDatabaseError(alias, this.byAlias.keys());
    return database;
  }

  all(): readonly Database[] {
    return [...this.byAlias.values()];
  }

  /** The database of an entity's app, or where routers place it instead; they are not asked for reads and writes. */
  of(entity: AnyClass): Database {
    return this.get(this.descriptions.of(entity).database);
  }

  /** The database that routers choose for reading an entity. @throws UnknownDatabaseError, WrongDatabaseError */
  forRead(entity: AnyClass, hints: RouteHints = {}): Database {
    const main = this.of(entity);
    return this.get(main.placement.read(entity, main.alias, hints));
  }

  /**
   * The database that routers choose for writing an entity; that of the row where one is given and they say nothing.
   * @throws UnknownDatabaseError, WrongDatabaseError
   */
  forWrite(entity: AnyClass, hints: RouteHints = {}): Database {
    const main = this.of(entity);
    return this.get(main.placement.write(entity, main.alias, hints));
  }

  /** The query set of all rows of an entity: read and changed where routers say. @see Database.objects */
  objects<E extends object, Q extends QuerySet<E>>(entity: ManagedEntity<E, Q>): Q;
  objects<E extends object>(entity: Class<E>): QuerySet<E>;
  objects<E extends object>(entity: Class<E>): QuerySet<E> {
    const reader = this.forRead(entity);
    const writer = this.forWrite(entity);
    if (reader === writer) return reader.objects(entity);
    return QuerySet.of(reader.queries.writingTo(writer.queries), entity).as(rowsClassOf(entity));
  }

  /** Connects to all of them. @throws ConnectionError for the first that cannot be reached */
  async connect(): Promise<void> {
    await Promise.all(this.all().map((database) => database.connect()));
  }

  /** Closes what was opened here; an adopted data source that came connected stays open. */
  async close(): Promise<void> {
    await Promise.allSettled(this.all().map((database) => database.close()));
  }
}
