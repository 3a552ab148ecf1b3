import 'reflect-metadata';

import { Body, Controller, Get, Inject, Module, Param, Post, Query } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DataSource, type DeepPartial } from 'typeorm';

import { Story, Writer } from '../api/stories.entities.js';
import { connectionOptions } from './connection.js';
import { reportReady } from './report.js';

/** The reference: Nest and TypeORM's `find`, `findOne` and `save`, without accounts, permissions and validation. */
const source = new DataSource({ ...connectionOptions(), entities: [Story, Writer], synchronize: false });

@Controller('stories')
class StoryController {
  constructor(@Inject(DataSource) private readonly data: DataSource) {}

  @Get()
  async list(@Query('page') page = '1'): Promise<object> {
    const [results, count] = await this.data.getRepository(Story).findAndCount({
      relations: { writer: true },
      order: { publishedAt: 'DESC', id: 'DESC' },
      take: 20,
      skip: (Number(page) - 1) * 20,
    });
    return { count, results };
  }

  @Get(':id')
  async show(@Param('id') id: string): Promise<Story | null> {
    return this.data.getRepository(Story).findOne({ where: { id: Number(id) }, relations: { writer: true } });
  }

  @Post()
  async make(@Body() { writer, ...values }: { readonly writer: number }): Promise<Story> {
    return this.data.getRepository(Story).save({ ...values, writer: { id: writer } } as DeepPartial<Story> as Story);
  }
}

@Module({ controllers: [StoryController], providers: [{ provide: DataSource, useFactory: () => source.initialize() }] })
class BareModule {}

const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
