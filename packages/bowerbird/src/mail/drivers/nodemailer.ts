import { type SendMailOptions } from 'nodemailer';

import { type ComposedMail } from '../composed-mail.js';
import { type ReadMailbox } from '../mailbox.js';

/** A mail as the library takes it. It may read neither files nor addresses on its own. */
export function toNodemailer(mail: ComposedMail): SendMailOptions {
  const { id, html, attachments, headers, mailer: _mailer, ...rest } = mail;
  return {
    ...mutable(rest),
    messageId: `<${id}>`,
    ...(html !== null && { html }),
    headers: { ...headers },
    attachments: attachments.map(({ inline, content, ...part }) => ({
      ...part,
      content: Buffer.from(content),
      ...(inline === null
        ? { contentDisposition: 'attachment' as const }
        : { cid: inline, contentDisposition: 'inline' as const }),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

type Rest = Omit<ComposedMail, 'id' | 'html' | 'attachments' | 'headers' | 'mailer'>;

/** The library writes into what it is given. */
function mutable({ from, to, cc, bcc, replyTo, ...rest }: Rest): SendMailOptions {
  const copies = (mailboxes: readonly ReadMailbox[]) => mailboxes.map((mailbox) => ({ ...mailbox }));
  return { ...rest, from: { ...from }, to: copies(to), cc: copies(cc), bcc: copies(bcc), replyTo: copies(replyTo) };
}
