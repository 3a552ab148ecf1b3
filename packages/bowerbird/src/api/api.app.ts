import { Module } from '@nestjs/common';

import { App } from '#orm';

import { IdempotencyRecord } from './idempotency/idempotency-record.entity.js';
import initial from './idempotency/migrations/0001_initial.js';

/** The table of answers that are kept for repeated requests, as an app. */
@App({
  name: 'api',
  label: 'API',
  entities: [IdempotencyRecord],
  migrations: {
    folder: new URL('../api/idempotency/migrations/', import.meta.url),
    files: [['0001_initial', initial]],
  },
})
@Module({})
export class ApiApp {}
