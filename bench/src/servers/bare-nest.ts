import 'reflect-metadata';

import { City, Country, Currency, Language } from '@bowerbird/atlas';
import { Controller, Get, Header, Inject, Module, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import Handlebars from 'handlebars';
import { DataSource } from 'typeorm';

import { connectionOptions } from './connection.js';
import { LIST_TEMPLATE } from './list-template.js';
import { reportReady } from './report.js';

/** The reference: Nest, Express, TypeORM's `find` and a precompiled Handlebars template, and nothing else. */
const template = Handlebars.compile(LIST_TEMPLATE);
const source = new DataSource({
  ...connectionOptions(),
  entities: [City, Country, Currency, Language],
  synchronize: false,
});

@Controller()
class ListController {
  constructor(@Inject(DataSource) private readonly data: DataSource) {}

  @Get('plain')
  plain(): string {
    return 'ok';
  }

  @Get('list')
  @Header('content-type', 'text/html; charset=utf-8')
  async list(@Query('page') page = '1'): Promise<string> {
    const rows = await this.data.getRepository(City).find({
      relations: { country: true },
      order: { population: 'DESC', id: 'DESC' },
      take: 100,
      skip: (Number(page) - 1) * 100,
    });
    return template({ rows });
  }
}

@Module({ controllers: [ListController], providers: [{ provide: DataSource, useFactory: () => source.initialize() }] })
class BareModule {}

const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
