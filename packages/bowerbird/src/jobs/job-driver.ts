import { type AnyClass, type Clock } from '#core';
import { Databases } from '#orm';

import { type JobQueue } from './job-queue.js';

/** What a driver may use to build its queue. */
export interface JobDriverParts {
  readonly clock: Clock;
  /** A provider of the application that the driver has listed in `needs`. */
  get<T extends object>(token: AnyClass<T>): T;
}

/** A kind of queue, chosen by value: `jobs: { driver: jobDrivers.database() }`. */
export interface JobDriver {
  /** For messages and `manage about`. */
  readonly name: string;
  /** Whether jobs survive a restart and are shared by all processes. */
  readonly durable: boolean;
  /** Whether the queue keeps its rows in the framework's own table, which must be migrated. */
  readonly table: boolean;
  /** Providers of the application that must be built before the queue. */
  readonly needs?: readonly AnyClass[];
  create(parts: JobDriverParts): Promise<JobQueue>;
}

/** Options of the queue in the database. */
export interface DatabaseJobOptions {
  /** Alias of the database in `settings.databases`; the default one unless given. */
  readonly database?: string;
}

/** The queues that come with the framework. */
export const jobDrivers = {
  /** Jobs as rows of the application's database: enqueued by the transaction that stores the data. The default. */
  database: (options: DatabaseJobOptions = {}): JobDriver => ({
    name: 'database',
    durable: true,
    table: true,
    needs: [Databases],
    create: async (parts) => (await import('./drivers/database.driver.js')).createDatabaseQueue(parts, options),
  }),

  /** Jobs in this process alone, lost when it ends: for tests and trials. They too wait for the commit. */
  memory: (): JobDriver => ({
    name: 'memory',
    durable: false,
    table: false,
    needs: [Databases],
    create: async ({ clock, get }) => {
      const { MemoryJobQueue } = await import('./drivers/memory.driver.js');
      const { default: database } = get(Databases);
      return new MemoryJobQueue(clock, (work) => database.onCommit(work));
    },
  }),
} as const;
