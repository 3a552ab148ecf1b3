import { Clock, jsonMisfit } from '#core';
import { Databases } from '#orm';

import { NotificationRecord } from '../inbox/notification-record.entity.js';
import { recipientKey } from '../inbox/recipient-key.js';
import { Channel, NotificationChannel, type NotificationDelivery } from '../notification-channel.js';
import { NotificationDataError } from '../notifications.errors.js';

/** A row of the recipient's inbox, stored by the transaction that is under way. */
@Channel('database')
export class DatabaseChannel extends NotificationChannel<object> {
  constructor(
    private readonly databases: Databases,
    private readonly clock: Clock,
  ) {
    super();
  }

  async prepare(data: object, { name }: NotificationDelivery): Promise<object> {
    const misfit = jsonMisfit(data, 'database');
    if (misfit) throw new NotificationDataError(name, misfit.path, misfit.found);
    return data;
  }

  async deliver(data: object, { id, name, recipient }: NotificationDelivery): Promise<void> {
    const { default: database } = this.databases;
    const row = {
      delivery: id,
      recipient: recipientKey(recipient),
      name,
      data,
      createdAt: this.clock.now(),
      readAt: null,
    };
    // In a savepoint: a row that cannot be stored must not end the transaction around it.
    await database.atomic(async () => {
      if (await database.objects(NotificationRecord).filter({ delivery: id }).exists()) return;
      await database.dataSource.manager.insert(NotificationRecord, row);
    });
  }
}
