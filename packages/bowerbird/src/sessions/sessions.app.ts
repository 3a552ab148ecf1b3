import { Module } from '@nestjs/common';

import { App } from '#orm';

import initial from './migrations/0001_initial.js';
import { SessionRecord } from './session-record.entity.js';

/** The table of the database driver, as an app; needed only with that driver. */
@App({
  name: 'sessions',
  label: 'Sessions',
  entities: [SessionRecord],
  migrations: { folder: new URL('../sessions/migrations/', import.meta.url), files: [['0001_initial', initial]] },
})
@Module({})
export class SessionsApp {}
