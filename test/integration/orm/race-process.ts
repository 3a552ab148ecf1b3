import 'reflect-metadata';

import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SettingsProblems } from 'bowerbird/core';
import { App, Database, OrmModule, resolveOrm } from 'bowerbird/orm';

import { race, RACERS } from './race.world.js';

// A process of its own that races with another: node race-process.ts <database url>
const [url] = process.argv.slice(2) as [string];

@App({ name: 'shop', entities: RACERS })
@Module({})
class ShopModule {}

const config = resolveOrm({ apps: [ShopModule], database: url }, new SettingsProblems(), {
  root: pathToFileURL('/tmp/'),
});

@Module({ imports: [OrmModule.forRoot(config), ShopModule] })
class AppModule {}

const app = await NestFactory.createApplicationContext(AppModule, { logger: ['error'] });
const db = app.get(Database);
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));

console.log(`made ${await race(db, 'other')}`);
await app.close();
process.exit(0);
