import { Logger } from '@nestjs/common';

import { recipientsOf, type ComposedMail } from '../composed-mail.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';
import { showMailbox, type ReadMailbox } from '../mailbox.js';

/** Logs every mail as text; of its HTML and its files it says that they are there. */
export class ConsoleTransport extends MailTransport {
  private readonly logger = new Logger('Mail');

  async send(mail: ComposedMail): Promise<MailReceipt> {
    this.logger.log(describe(mail));
    return { id: mail.id, accepted: recipientsOf(mail), rejected: [] };
  }
}

function describe(mail: ComposedMail): string {
  const rows: readonly (readonly [name: string, value: string])[] = [
    ['From', showMailbox(mail.from)],
    ['To', list(mail.to)],
    ['Cc', list(mail.cc)],
    ['Bcc', list(mail.bcc)],
    ['Reply-To', list(mail.replyTo)],
    ['Subject', mail.subject],
    ...Object.entries(mail.headers),
    ['Also', alsoHas(mail)],
  ];
  const head = rows.filter(([, value]) => value !== '').map(([name, value]) => `${name}: ${value}`);
  return [...head, '', mail.text].join('\n');
}

function list(mailboxes: readonly ReadMailbox[]): string {
  return mailboxes.map(showMailbox).join(', ');
}

function alsoHas({ html, attachments }: ComposedMail): string {
  const files = attachments.map(({ filename, content }) => `${filename} (${content.byteLength} bytes)`);
  return [...(html === null ? [] : ['HTML']), ...files].join(', ');
}
