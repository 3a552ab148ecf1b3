import 'reflect-metadata';

import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SettingsProblems } from 'bowerbird/core';
import { AfterMigrate, App, MigrateHook, Migrator, OrmModule, resolveOrm } from 'bowerbird/orm';

// A process of its own that migrates: node migrate-process.ts <database url> <migrations folder>
const [url, folder] = process.argv.slice(2) as [string, string];

@AfterMigrate()
class TellsAfterwards extends MigrateHook {
  async afterMigrate(): Promise<void> {
    console.log('hook');
  }
}

@App({ name: 'shop', entities: [], migrations: new URL(folder) })
@Module({ providers: [TellsAfterwards] })
class ShopModule {}

const config = resolveOrm({ apps: [ShopModule], database: url }, new SettingsProblems(), {
  root: pathToFileURL('/tmp/'),
});

@Module({ imports: [OrmModule.forRoot(config), ShopModule] })
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
const done = await app.get(Migrator).migrate({
  progress: {
    waiting: () => console.log('waiting'),
    operation: (title) => console.log(`operation ${title}`),
  },
});
console.log(`done ${done.length}`);
await app.close();
