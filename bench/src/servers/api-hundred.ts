import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { FrameworkModule } from 'bowerbird';
import { APPLICATION_OPTIONS } from 'bowerbird/framework';
import { sessionDrivers } from 'bowerbird/sessions';

import { hundredEntities } from '../api/hundred-entities.js';
import { reportReady } from './report.js';

/** An API of a hundred entities; with `BENCH_DOCS` with its description. */
@Module({
  imports: [
    FrameworkModule.forRoot({
      secretKey: process.env.BENCH_SECRET!,
      production: true,
      http: { allowedHosts: ['127.0.0.1'] },
      database: 'sqlite::memory:',
      apps: [hundredEntities()],
      admin: false,
      audit: false,
      api: { docs: process.env.BENCH_DOCS ? { access: 'public' } : false, idempotency: false },
      sessions: { driver: sessionDrivers.memory() },
    }),
  ],
})
class HundredModule {}

const app = await NestFactory.create<NestExpressApplication>(HundredModule, { ...APPLICATION_OPTIONS, logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
