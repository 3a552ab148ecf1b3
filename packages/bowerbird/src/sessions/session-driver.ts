import { type AnyClass, type Clock } from '#core';
import { Databases } from '#orm';

import { type SessionStore } from './session-store.js';

/** What a driver may use to build its store. */
export interface SessionDriverParts {
  readonly clock: Clock;
  /** A provider of the application that the driver has listed in `needs`. */
  get<T extends object>(token: AnyClass<T>): T;
}

/** A kind of session store, chosen by value: `sessions: { driver: sessionDrivers.memory() }`. */
export interface SessionDriver {
  /** For messages and `manage about`. */
  readonly name: string;
  /** Whether sessions survive a restart and are shared by all processes. */
  readonly durable: boolean;
  /** Whether the store keeps its rows in the framework's own table, which must be migrated. */
  readonly table: boolean;
  /** Providers of the application that must be built before the store. */
  readonly needs?: readonly AnyClass[];
  create(parts: SessionDriverParts): Promise<SessionStore>;
}

/** Options of the store in the database. */
export interface DatabaseSessionOptions {
  /** Alias of the database in `settings.databases`; the default one unless given. */
  readonly database?: string;
}

/** Options of the store in memory. */
export interface MemorySessionOptions {
  /** Most sessions to keep; the one used longest ago makes room. Default 10,000. */
  readonly limit?: number;
}

/** The session stores that come with the framework. */
export const sessionDrivers = {
  /** Sessions as rows of the application's database: durable, shared by all processes. The default. */
  database: (options: DatabaseSessionOptions = {}): SessionDriver => ({
    name: 'database',
    durable: true,
    table: true,
    needs: [Databases],
    create: async (parts) => (await import('./drivers/database.driver.js')).createDatabaseStore(parts, options),
  }),

  /** Sessions in this process alone, lost when it ends: for tests and trials. */
  memory: (options: MemorySessionOptions = {}): SessionDriver => ({
    name: 'memory',
    durable: false,
    table: false,
    create: async ({ clock }) => {
      const { MemorySessionStore } = await import('./drivers/memory.driver.js');
      return new MemorySessionStore(clock, options.limit);
    },
  }),
} as const;
