import { Module } from '@nestjs/common';

import { App } from '#orm';

import { JobRecord } from './job-record.entity.js';
import initial from './migrations/0001_initial.js';

/** The table of the database driver, as an app; needed only with that driver. */
@App({
  name: 'jobs',
  label: 'Jobs',
  entities: [JobRecord],
  migrations: { folder: new URL('../jobs/migrations/', import.meta.url), files: [['0001_initial', initial]] },
})
@Module({})
export class JobsApp {}
