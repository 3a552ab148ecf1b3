import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { DatabaseChannel } from './channels/database.channel.js';
import { LogChannel } from './channels/log.channel.js';
import { MailChannel } from './channels/mail.channel.js';
import { NotificationChannels } from './channels/notification-channels.js';
import { DeliverNotification } from './deliver-notification.job.js';
import { ClearNotificationsCommand } from './inbox/clear-notifications.command.js';
import { Inbox } from './inbox/inbox.service.js';
import { NotificationThrottle } from './notification-throttle.js';
import { NotificationsChecks } from './notifications.checks.js';
import { NotificationsConfig } from './notifications.options.js';
import { Notifications } from './notifications.service.js';

const CONTRIBUTIONS = [DatabaseChannel, LogChannel, NotificationsChecks, ClearNotificationsCommand];

/** Notifications and inboxes. */
@Module({})
export class NotificationsModule {
  static forRoot(config: NotificationsConfig): DynamicModule {
    return {
      module: NotificationsModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: NotificationsConfig, useValue: config },
        NotificationChannels,
        NotificationThrottle,
        Notifications,
        Inbox,
        ...CONTRIBUTIONS,
        ...(config.mail ? [MailChannel] : []),
        ...(config.jobs ? [DeliverNotification] : []),
      ],
      exports: [Notifications, Inbox],
    };
  }
}
