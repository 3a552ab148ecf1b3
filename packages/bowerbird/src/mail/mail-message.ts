import { type SafeHtml } from '#templates';

import { type Mailbox, type Mailboxes } from './mailbox.js';

/** A file that travels with a mail, or a picture in its HTML. */
export interface MailAttachment {
  readonly filename: string;
  /** Text is sent as UTF-8. */
  readonly content: string | Uint8Array;
  /** `application/pdf`; by the ending of the file's name unless given. */
  readonly contentType?: string;
  /** A name by which the HTML shows it, as `<img src="cid:logo">`; such a part is not listed among the files. */
  readonly inline?: string;
}

/** Who sends a mail to whom, and what comes with it. */
export interface MailEnvelope {
  readonly to: Mailboxes;
  readonly cc?: Mailboxes;
  /** Gets the mail without the others seeing it. */
  readonly bcc?: Mailboxes;
  /** Default `settings.mail.from`. */
  readonly from?: string | Mailbox;
  /** Where answers go; default `settings.mail.replyTo`. */
  readonly replyTo?: Mailboxes;
  readonly attachments?: readonly MailAttachment[];
  /** One of `settings.mail.mailers`, instead of `settings.mail.driver`. */
  readonly mailer?: string;
  /** Further headers, such as `List-Unsubscribe`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A mail whose words are given. */
export interface WrittenMail extends MailEnvelope {
  /** One line. */
  readonly subject: string;
  readonly text: string;
  readonly html?: string | SafeHtml;
  readonly template?: undefined;
}

/** A mail whose words come from templates. */
export interface TemplateMail extends MailEnvelope {
  /** `orders/shipped`: renders `orders/shipped.subject.txt`, `orders/shipped.txt` and, where it is there, `orders/shipped.html`. */
  readonly template: string;
  /** The variables of the templates. */
  readonly data?: object;
  readonly subject?: undefined;
}

/** A mail as applications write it. */
export type MailMessage = WrittenMail | TemplateMail;

/**
 * A mail with a name: a class that knows its recipients and its templates, made with what it is about.
 *
 * ```ts
 * class OrderShipped extends Mailable {
 *   constructor(private readonly order: Order) { super(); }
 *   message(): MailMessage {
 *     return { to: this.order.email, template: 'orders/shipped', data: { number: this.order.number } };
 *   }
 * }
 * ```
 */
export abstract class Mailable {
  abstract message(): MailMessage | Promise<MailMessage>;
}
