import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuditApp, AuditModule, type AuditConfig } from 'bowerbird/audit';
import { CoreModule, SecretKeys, SettingsProblems, type AnyClass, type Class } from 'bowerbird/core';
import { App, Database, Migrator, OrmModule, resolveOrm, syncSchema } from 'bowerbird/orm';

import { FakeClock } from '../../../packages/bowerbird/src/testing/fake-clock.js';

/** A booted application with data and the audit log. */
export interface AuditTestApp {
  readonly db: Database;
  readonly clock: FakeClock;
  get<T>(token: AnyClass<T>): T;
  close(): Promise<void>;
}

/** Boots an application whose app `shop` owns the entities. */
export async function openAudit(url: string, entities: readonly Class[], config: AuditConfig): Promise<AuditTestApp> {
  const clock = new FakeClock();
  const problems = new SettingsProblems();

  @App({ name: 'shop', entities, migrations: false })
  @Module({})
  class ShopModule {}

  const orm = resolveOrm({ apps: [AuditApp, ShopModule], database: url }, problems, {
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
  await syncSchema(db);
  return { db, clock, get: (token) => module.get(token as never), close: () => module.close() };
}
