export { ClearNotificationsCommand } from './inbox/clear-notifications.command.js';
export { Inbox, type InboxRequest, type StoredNotification } from './inbox/inbox.service.js';
export { NotificationRecord } from './inbox/notification-record.entity.js';
export {
  Notice,
  type NoticeFor,
  type NoticeMail,
  Notification,
  type NotificationOptions,
  type NotificationRecipient,
} from './notice.js';
export { Channel, NotificationChannel, type NotificationDelivery, Skipped } from './notification-channel.js';
export { type ChannelOutcome, NotificationResult } from './notification-result.js';
export { type ThrottleOptions } from './notification-throttle.js';
export { NotificationsApp } from './notifications.app.js';
export { NotificationsChecks } from './notifications.checks.js';
export {
  ChannelMethodError,
  NotificationDataError,
  NotificationQueueError,
  NotificationRecipientError,
  NotificationThrottleError,
  UnknownChannelError,
  UnmarkedNotificationError,
} from './notifications.errors.js';
export { NotificationsModule } from './notifications.module.js';
export { NotificationsConfig, type NotificationsOptions, resolveNotifications } from './notifications.options.js';
export { Notifications, type NotifyOptions } from './notifications.service.js';
