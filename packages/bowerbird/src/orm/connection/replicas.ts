import { Logger } from '@nestjs/common';
import { DataSource, type QueryRunner } from 'typeorm';

import { maskUrl, type Clock } from '#core';

import { type DatabaseDriver } from '../drivers/database-driver.js';
import { type DatabaseConfig } from '../orm.options.js';

/** What a pool hands out: a connection, with pg together with the way to give it back. */
type Taken = object | readonly [object, () => void];

/** The part of TypeORM's drivers that takes connections from their pools. */
interface PooledDriver {
  isReplicated: boolean;
  obtainMasterConnection(): Promise<Taken>;
  obtainSlaveConnection(): Promise<Taken>;
}

/** One copy of the database that only reads. */
interface Replica {
  readonly config: DatabaseConfig;
  /** As the log shows it. */
  readonly shown: string;
  dataSource: Promise<DataSource> | undefined;
  /** When it may be tried again after it failed. */
  downUntil: number;
}

/**
 * The replicas of one database, by turns. One that cannot be reached is left out and tried again later; without any
 * the primary answers. They are opened when they are needed first, so that one that is down does not stop the start.
 */
export class Replicas {
  private readonly logger = new Logger('Database');
  private readonly all: readonly Replica[];
  private readonly origins = new WeakMap<object, Replica>();
  private turn = 0;

  constructor(
    private readonly primary: DatabaseConfig,
    private readonly driver: DatabaseDriver,
    private readonly clock: Clock,
  ) {
    this.all = primary.replicas.map((url) => {
      const config = { ...primary, url, shown: maskUrl(url), replicas: [] };
      return { config, shown: config.shown, dataSource: undefined, downUntil: 0 };
    });
  }

  /** Lets a data source read from the replicas, except where `sticks` says that the primary must answer. */
  install(dataSource: DataSource, sticks: () => boolean): void {
    if (this.all.length === 0) return;
    const pooled = dataSource.driver as unknown as PooledDriver;
    pooled.isReplicated = true;
    pooled.obtainSlaveConnection = async () =>
      (sticks() ? undefined : await this.take()) ?? (await pooled.obtainMasterConnection());
  }

  /** Leaves the replica out to which a query runner was connected, if there is one, because its connection broke. */
  blame(runner: QueryRunner, cause: unknown): void {
    const { databaseConnection } = runner as { readonly databaseConnection?: object };
    const replica = databaseConnection && this.origins.get(databaseConnection);
    if (replica) this.leaveOut(replica, cause);
  }

  async close(): Promise<void> {
    const open = this.all.flatMap(({ dataSource }) => dataSource ?? []);
    for (const replica of this.all) replica.dataSource = undefined;
    await Promise.allSettled(open.map(async (dataSource) => (await dataSource).destroy()));
  }

  private async take(): Promise<Taken | undefined> {
    const now = this.clock.now().getTime();
    const start = (this.turn += 1);
    for (const index of this.all.keys()) {
      const replica = this.all[(start + index) % this.all.length]!;
      if (replica.downUntil > now) continue;
      const taken = await this.connectTo(replica);
      if (taken) return taken;
    }
    return undefined;
  }

  private async connectTo(replica: Replica): Promise<Taken | undefined> {
    try {
      replica.dataSource ??= this.open(replica.config);
      const pool = (await replica.dataSource).driver as unknown as PooledDriver;
      const taken = await pool.obtainMasterConnection();
      this.origins.set(Array.isArray(taken) ? (taken[0] as object) : taken, replica);
      if (replica.downUntil > 0) this.logger.log(`The replica ${replica.shown} answers again`);
      replica.downUntil = 0;
      return taken;
    } catch (error) {
      this.leaveOut(replica, error);
      return undefined;
    }
  }

  private async open(config: DatabaseConfig): Promise<DataSource> {
    const dataSource = new DataSource({ ...(await this.driver.dataSourceOptions(config)), entities: [] });
    this.driver.prepare(dataSource, config);
    return dataSource.initialize();
  }

  private leaveOut(replica: Replica, cause: unknown): void {
    const { replicaRetry, alias } = this.primary;
    const seconds = Math.round(replicaRetry / 1000);
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    this.logger.warn(
      `The replica ${replica.shown} of "${alias}" is left out for ${seconds} s, because it failed: ${reason}`,
    );
    replica.downUntil = this.clock.now().getTime() + replicaRetry;
    const { dataSource } = replica;
    replica.dataSource = undefined;
    // A pool that never opened has nothing to close.
    void dataSource?.then((open) => open.destroy()).catch(() => undefined);
  }
}
