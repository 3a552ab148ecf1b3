import { Module } from '@nestjs/common';

import { App } from '#orm';

import { NotificationRecord } from './inbox/notification-record.entity.js';
import initial from './migrations/0001_initial.js';

/** The table of the channel `database`, as an app. */
@App({
  name: 'notifications',
  label: 'Notifications',
  entities: [NotificationRecord],
  migrations: { folder: new URL('../notifications/migrations/', import.meta.url), files: [['0001_initial', initial]] },
})
@Module({})
export class NotificationsApp {}
