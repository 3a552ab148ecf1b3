import { Module } from '@nestjs/common';

import { App } from '#orm';

import { SessionRecord } from './session-record.entity.js';

/** The table of the database driver, as an app; needed only with that driver. */
@App({
  name: 'sessions',
  label: 'Sessions',
  entities: [SessionRecord],
  migrations: new URL('./migrations/', import.meta.url),
})
@Module({})
export class SessionsApp {}
