import { type AnyClass } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { UnknownDatabaseError } from '../orm.errors.js';
import { type Database } from './database.js';

/** Every database of the application. */
export class Databases {
  constructor(
    private readonly byAlias: ReadonlyMap<string, Database>,
    readonly descriptions: Descriptions,
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

  /** The database that holds an entity. */
  of(entity: AnyClass): Database {
    return this.get(this.descriptions.of(entity).database);
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
