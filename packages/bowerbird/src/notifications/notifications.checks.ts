import { Check, CheckRule, error, type Findings } from '#core';

import { NotificationChannels } from './channels/notification-channels.js';

/** Checks of notifications. */
@Check('notifications')
export class NotificationsChecks {
  constructor(private readonly channels: NotificationChannels) {}

  /** Of two channels with one name, one would never be asked. */
  @CheckRule()
  *duplicateChannels(): Findings {
    const owners = new Map<string, string>();
    for (const { meta, name } of this.channels.contributions()) {
      const owner = owners.get(meta);
      if (owner !== undefined)
        yield error('notifications.E001', `The channel "${meta}" of ${name} is already that of ${owner}`, {
          at: name,
          hint: 'Give the channel another name in @Channel()',
        });
      owners.set(meta, name);
    }
  }
}
