import { type OnModuleDestroy } from '@nestjs/common';

import { type ComposedMail } from './composed-mail.js';
import { MailTransport, type MailReceipt } from './mail-transport.js';

/** Hands each mail to the transport that it names. */
export class RoutedTransport extends MailTransport implements OnModuleDestroy {
  constructor(
    private readonly usual: MailTransport,
    private readonly others: ReadonlyMap<string, MailTransport>,
  ) {
    super();
  }

  async send(mail: ComposedMail): Promise<MailReceipt> {
    // A mail that waited in a queue while its mailer was taken out of the settings is sent all the same.
    const transport = mail.mailer === null ? this.usual : (this.others.get(mail.mailer) ?? this.usual);
    return transport.send(mail);
  }

  async onModuleDestroy(): Promise<void> {
    for (const transport of [this.usual, ...this.others.values()])
      await (transport as Partial<OnModuleDestroy>).onModuleDestroy?.();
  }
}
