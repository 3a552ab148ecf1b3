import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { FrameworkModule } from 'bowerbird';
import { APPLICATION_OPTIONS } from 'bowerbird/framework';
import { sessionDrivers } from 'bowerbird/sessions';

import { StoriesModule } from '../api/stories.viewset.js';
import { reportReady } from './report.js';

@Module({
  imports: [
    FrameworkModule.forRoot({
      secretKey: process.env.BENCH_SECRET!,
      production: true,
      http: { allowedHosts: ['127.0.0.1', 'localhost', '[::1]'] },
      database: process.env.BENCH_DATABASE!,
      apps: [StoriesModule],
      admin: false,
      auth: { remember: process.env.BENCH_REMEMBER ? '5s' : '0s' },
      audit: false,
      security: { csrf: { cookie: { secure: false } } },
      sessions: { cookie: { secure: false }, driver: sessionDrivers.memory() },
    }),
  ],
})
class BenchModule {}

const app = await NestFactory.create<NestExpressApplication>(BenchModule, { ...APPLICATION_OPTIONS, logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
