import { Inject, Module, type DynamicModule, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';

import { BOOT_PLAN, Clock, contextValue, SecretKeys, SignalHub } from '#core';

import { AppRegistry } from './apps/app-registry.js';
import { describeApps } from './apps/describe-apps.js';
import { ShowModelsCommand } from './apps/show-models.command.js';
import { Database } from './connection/database.js';
import { DatabasesChecks } from './connection/databases.checks.js';
import { Databases } from './connection/databases.js';
import { createDatabases } from './connection/open-databases.js';
import { NeedsChecks } from './connection/server/needs.checks.js';
import { TextOrderChecks } from './connection/text-order.checks.js';
import { TimeZonesChecks } from './connection/time-zones.checks.js';
import { ConstraintChecks } from './describe/constraints/constraint.checks.js';
import { Descriptions } from './describe/descriptions.js';
import { FIXTURE_PROVIDERS } from './fixtures/fixture-providers.js';
import { Fixtures } from './fixtures/fixtures.service.js';
import { INSPECT_PROVIDERS } from './inspect/inspect-providers.js';
import { MIGRATION_PROVIDERS } from './migrations/migration-providers.js';
import { MigrationMaker } from './migrations/run/migration-maker.js';
import { Migrator } from './migrations/run/migrator.js';
import { ColumnCipher } from './model/casts/column-cipher.js';
import { ReencryptCommand } from './model/casts/reencrypt.command.js';
import { ModelChecks } from './model/model.checks.js';
import { objectsProviders } from './model/objects.decorator.js';
import { OrmChecks } from './orm.checks.js';
import { OrmConfig } from './orm.options.js';
import { LookupRegistrar } from './query/lookups/lookup-registrar.js';
import { RoutingChecks } from './routing/routing.checks.js';
import { SHELL_PROVIDERS } from './shell/shell-providers.js';
import { WriteNotifier } from './writes/write-notifier.js';

const CHECKS = [
  OrmChecks,
  ModelChecks,
  ConstraintChecks,
  NeedsChecks,
  RoutingChecks,
  DatabasesChecks,
  TextOrderChecks,
  TimeZonesChecks,
];

/** Apps, descriptions and databases. Connects when the application starts and closes when it ends. */
@Module({})
export class OrmModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(OrmConfig) private readonly config: OrmConfig,
    @Inject(Databases) private readonly databases: Databases,
  ) {}

  static forRoot(config: OrmConfig): DynamicModule {
    const services = [AppRegistry, Databases, Database, Descriptions, WriteNotifier];
    return {
      module: OrmModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: OrmConfig, useValue: config },
        { provide: AppRegistry, useFactory: () => describeApps(config.apps, config.root) },
        {
          provide: Databases,
          inject: [
            AppRegistry,
            DiscoveryService,
            ColumnCipher,
            { token: Clock, optional: true },
            { token: SignalHub, optional: true },
          ],
          useFactory: (
            apps: AppRegistry,
            discovery: DiscoveryService,
            cipher: ColumnCipher,
            clock?: Clock,
            hub?: SignalHub,
          ) => createDatabases(config, apps, discovery, { cipher, clock, hub }),
        },
        { provide: Database, inject: [Databases], useFactory: (databases: Databases) => databases.default },
        { provide: Descriptions, inject: [Databases], useFactory: (databases: Databases) => databases.descriptions },
        { provide: WriteNotifier, inject: [Databases], useFactory: ({ default: { writes } }: Databases) => writes },
        {
          provide: ColumnCipher,
          inject: [{ token: SecretKeys, optional: true }],
          useFactory: (keys?: SecretKeys) => cipherOf(config, keys),
        },
        ReencryptCommand,
        ShowModelsCommand,
        ...objectsProviders(config.apps),
        ...CHECKS,
        LookupRegistrar,
        ...MIGRATION_PROVIDERS,
        ...FIXTURE_PROVIDERS,
        ...SHELL_PROVIDERS,
        ...INSPECT_PROVIDERS,
      ],
      exports: [
        OrmConfig,
        ...services,
        ...objectsProviders(config.apps).map(({ provide }) => provide),
        Migrator,
        MigrationMaker,
        Fixtures,
      ],
    };
  }

  async onModuleInit(): Promise<void> {
    const connect = contextValue(BOOT_PLAN)?.connect ?? this.config.connect;
    if (connect) await this.databases.connect();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.databases.close();
  }
}

/** The secret key serves where columns have no keys of their own. */
function cipherOf({ encryptionKeys }: OrmConfig, keys: SecretKeys | undefined): ColumnCipher {
  return new ColumnCipher(encryptionKeys.length > 0 ? encryptionKeys : (keys?.all ?? []));
}
