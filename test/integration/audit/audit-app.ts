import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditApp, AuditModule, type AuditConfig } from 'bowerbird/audit';
import { CoreModule, SecretKeys, SettingsProblems, type AnyClass, type Class } from 'bowerbird/core';
import { App, Database, Databases, Migrator, OrmModule, resolveOrm, syncSchema } from 'bowerbird/orm';

import { FakeClock } from '../../../packages/bowerbird/src/testing/fake-clock.js';

/** A booted application with data and the audit log. */
export interface AuditTestApp {
  /** The default database, which holds the log. */
  readonly db: Database;
  /** The database of the entities. */
  readonly shop: Database;
  readonly clock: FakeClock;
  get<T>(token: AnyClass<T>): T;
  close(): Promise<void>;
}

/**
 * Boots an application whose app `shop` owns the entities.
 * @param shopUrl a database of its own for the shop
 */
export async function openAudit(
  url: string,
  entities: readonly Class[],
  config: AuditConfig,
  shopUrl?: string,
): Promise<AuditTestApp> {
  const clock = new FakeClock();
  const problems = new SettingsProblems();

  const alias = shopUrl === undefined ? 'default' : 'shop';

  @App({ name: 'shop', entities, migrations: false, database: alias })
  @Module({})
  class ShopModule {}

  const databases: Record<string, string> = shopUrl === undefined ? {} : { shop: shopUrl };
  const orm = resolveOrm({ apps: [AuditApp, ShopModule], database: url, databases }, problems, {
    root: pathToFileURL(`${tmpdir()}/`),
  });
  const module = await Test.createTestingModule({
    imports: [
      CoreModule.forRoot(new SecretKeys('k'.repeat(50)), clock),
      OrmModule.forRoot(orm),
      AuditModule.forRoot(config),
      ShopModule,
    ],
  }).compile();
  module.enableShutdownHooks();
  await module.init();
  const db = module.get(Database);
  await module.get(Migrator).migrate();
  const shop = module.get(Databases).get(alias);
  await syncSchema(shop);
  return { db, shop, clock, get: (token) => module.get(token as never), close: () => module.close() };
}
