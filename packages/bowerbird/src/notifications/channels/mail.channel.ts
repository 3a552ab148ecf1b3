import { Mailer, mailFromJson, mailToJson, MailTransport, type MailJson } from '#mail';

import { type NoticeMail } from '../notice.js';
import { Channel, NotificationChannel, Skipped, type NotificationDelivery } from '../notification-channel.js';

/** A mail to the recipient's address. */
@Channel('mail')
export class MailChannel extends NotificationChannel<NoticeMail, MailJson> {
  constructor(
    private readonly mailer: Mailer,
    private readonly transport: MailTransport,
  ) {
    super();
  }

  async prepare(mail: NoticeMail, { recipient }: NotificationDelivery): Promise<MailJson | Skipped> {
    const to = mail.to ?? recipient.email;
    if (!to) return new Skipped('the recipient has no address');
    return mailToJson(await this.mailer.compose({ ...mail, to }));
  }

  async deliver(mail: MailJson): Promise<void> {
    await this.transport.send(mailFromJson(mail));
  }
}
