import 'reflect-metadata';

import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { DataSource } from 'typeorm';

import { bareEntities } from './bare-entities.js';
import { connectionOptions } from './connection.js';
import { reportReady } from './report.js';

/** Nest and TypeORM with as many validated entities as the demo has, and nothing else. */
const source = new DataSource({ ...connectionOptions(), entities: [...bareEntities()] });

@Module({ providers: [{ provide: DataSource, useFactory: () => source.initialize() }] })
class BareModule {}

const app = await NestFactory.create<NestExpressApplication>(BareModule, { logger: false });
await app.listen(0, '127.0.0.1');
reportReady(await app.getUrl());
