import 'reflect-metadata';

import { AtlasModule } from '@bowerbird/atlas';
import { BlogModule } from '@bowerbird/blog';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { FrameworkModule, Public } from 'bowerbird';
import { APPLICATION_OPTIONS } from 'bowerbird/framework';
import { sessionDrivers } from 'bowerbird/sessions';

import { reportReady } from './report.js';

@Controller()
class PlainController {
  @Get('plain')
  @Public()
  plain(): string {
    return 'ok';
  }
}

@Module({
  imports: [
    FrameworkModule.forRoot({
      secretKey: process.env.BENCH_SECRET!,
      production: true,
      // Plain http on the loopback: the bench's client would not send a secure cookie.
      http: { allowedHosts: ['127.0.0.1', 'localhost', '[::1]'] },
      database: process.env.BENCH_DATABASE!,
      apps: [AtlasModule, BlogModule],
      security: { csrf: { cookie: { secure: false } } },
      sessions: {
        cookie: { secure: false },
        ...(process.env.BENCH_SESSIONS === 'memory' ? { driver: sessionDrivers.memory() } : {}),
      },
    }),
  ],
  controllers: [PlainController],
})
class BenchModule {}

const app = await NestFactory.create<NestExpressApplication>(BenchModule, { ...APPLICATION_OPTIONS, logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
