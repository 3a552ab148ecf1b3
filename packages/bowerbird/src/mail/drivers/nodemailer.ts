import { type SendMailOptions } from 'nodemailer';

import { type ComposedMail } from '../composed-mail.js';

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

function mutable({ from, to, cc, bcc, replyTo, ...rest }: Rest): SendMailOptions {
  return { ...rest, from, to: [...to], cc: [...cc], bcc: [...bcc], replyTo: [...replyTo] };
}
