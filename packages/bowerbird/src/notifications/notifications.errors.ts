import { FrameworkError, showValue } from '#core';

/** A class was sent that says nothing of its name and its channels. */
export class UnmarkedNotificationError extends FrameworkError {
  readonly code = 'notifications.unmarked';

  constructor(name: string) {
    super(`${name} is not marked as a notification`, {
      hint: "Write @Notification({ name: 'orders.shipped', channels: ['mail'] }) above the class",
    });
  }
}

/** A notification names a channel that the application does not have. */
export class UnknownChannelError extends FrameworkError {
  readonly code = 'notifications.unknown_channel';

  constructor(channel: string, known: readonly string[], suggestion: string) {
    super(`No channel named "${channel}"; there are ${known.join(', ')}. ${suggestion}`.trim(), {
      hint: `List a provider that is marked with @Channel('${channel}') in a module; mail needs settings.mail`,
    });
  }
}

/** A notification has nothing to say by one of its channels. */
export class ChannelMethodError extends FrameworkError {
  readonly code = 'notifications.no_method';

  constructor(notification: string, channel: string) {
    super(`The notification "${notification}" names the channel "${channel}" and has no method ${channel}()`, {
      hint: `Write ${channel}(to) { … } in the class, or take the channel out of @Notification()`,
    });
  }
}

/** What a notification says has a part that JSON cannot hold. */
export class NotificationDataError extends FrameworkError {
  readonly code = 'notifications.data';

  constructor(notification: string, path: string, found: string) {
    super(`"${path}" of the notification "${notification}" is ${found}; what is stored or queued is JSON only`, {
      hint: 'Give the key of an entity instead of the entity, and a date as its ISO text',
    });
  }
}

/** Somebody was to be notified who is nobody. */
export class NotificationRecipientError extends FrameworkError {
  readonly code = 'notifications.recipient';

  constructor(recipient: unknown) {
    super(`${showValue(recipient, { depth: 0 })} cannot be notified`, {
      hint: 'Give a user, or { id, email } with an id of at most 64 characters',
    });
  }
}

/** A notification was to be queued in an application without jobs. */
export class NotificationQueueError extends FrameworkError {
  readonly code = 'notifications.no_queue';

  constructor() {
    super('Notifications cannot be queued: settings.jobs is off', {
      hint: 'Remove `jobs: false` from the settings, or send them with notifications.send()',
    });
  }
}

/** A notification was to be sent once in a while, without a cache that remembers the last time. */
export class NotificationThrottleError extends FrameworkError {
  readonly code = 'notifications.throttle';

  constructor(problem: string, hint: string) {
    super(`The notification cannot be throttled: ${problem}`, { hint });
  }
}
