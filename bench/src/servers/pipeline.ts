import 'reflect-metadata';

import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import session from 'express-session';
import helmet from 'helmet';

import { reportReady } from './report.js';

/** A bare Nest controller; with `BENCH_MIDDLEWARE=1`, helmet and express-session (memory) before it. */
@Controller()
class PlainController {
  @Get('plain')
  plain(): string {
    return 'ok';
  }

  @Get('remember')
  remember(@Req() { session }: { session: Record<string, unknown> }): string {
    session.user = { id: 1, proof: 'x'.repeat(43) };
    return 'ok';
  }
}

@Module({ controllers: [PlainController] })
class PlainModule {}

const app = await NestFactory.create<NestExpressApplication>(PlainModule, { logger: false });
if (process.env.BENCH_MIDDLEWARE) {
  app.use(helmet());
  app.use(session({ secret: 'bench', resave: false, saveUninitialized: false }));
}
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
