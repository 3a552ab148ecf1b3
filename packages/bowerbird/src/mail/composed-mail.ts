import { type ReadMailbox } from './mailbox.js';

/** A part of a mail that is neither its text nor its HTML. */
export interface ComposedAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** The name behind `cid:` in the HTML; null for a file. */
  readonly inline: string | null;
}

/** A mail that is ready to be sent: rendered, checked, and the same however often it is tried. */
export interface ComposedMail {
  /** The header `Message-ID` without its brackets. */
  readonly id: string;
  readonly date: Date;
  /** The one of `settings.mail.mailers` that sends it; null for `settings.mail.driver`. */
  readonly mailer: string | null;
  readonly from: ReadMailbox;
  readonly to: readonly ReadMailbox[];
  readonly cc: readonly ReadMailbox[];
  readonly bcc: readonly ReadMailbox[];
  readonly replyTo: readonly ReadMailbox[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly ComposedAttachment[];
  /** Headers beside those that follow from the rest. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A mail as JSON holds it; the contents of attachments are base64. */
export type MailJson = Omit<ComposedMail, 'date' | 'attachments'> & {
  readonly date: string;
  readonly attachments: readonly (Omit<ComposedAttachment, 'content'> & { readonly content: string })[];
};

/** The addresses that a mail goes to, each once. */
export function recipientsOf({ to, cc, bcc }: Pick<ComposedMail, 'to' | 'cc' | 'bcc'>): readonly string[] {
  return [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
}

/** A mail for a file or a job. */
export function mailToJson(mail: ComposedMail): MailJson {
  return {
    ...mail,
    date: mail.date.toISOString(),
    attachments: mail.attachments.map((part) => ({ ...part, content: Buffer.from(part.content).toString('base64') })),
  };
}

/** What {@link mailToJson} was made of. */
export function mailFromJson(json: MailJson): ComposedMail {
  return {
    ...json,
    date: new Date(json.date),
    attachments: json.attachments.map((part) => ({ ...part, content: Buffer.from(part.content, 'base64') })),
  };
}
