import { Injectable } from '@nestjs/common';

import { Clock, didYouMean, randomToken } from '#core';
import { mediaTypeOf } from '#http';

import { type ComposedAttachment, type ComposedMail } from './composed-mail.js';
import { Mailable, type MailAttachment, type MailMessage } from './mail-message.js';
import { MailTemplates, type MailWords } from './mail-templates.js';
import {
  MailContentError,
  MailHeaderError,
  MailRecipientsError,
  MailSenderError,
  UnknownMailerError,
} from './mail.errors.js';
import { MailConfig } from './mail.options.js';
import { hasControlCharacter, readMailbox, readMailboxes, type ReadMailbox } from './mailbox.js';

const LONGEST_SUBJECT = 998;
const HEADER_NAME = /^[a-z][a-z\d-]*$/i;
/** Headers that follow from the rest of the mail. */
const OWN_HEADERS =
  /^(?:from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|received|return-path)$/i;
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?:;[^\r\n]*)?$/;
const INLINE_NAME = /^[\w.@-]+$/;

/** Makes mails ready: renders their templates, fills in what the settings say, and checks everything that goes into a header. */
@Injectable()
export class MailComposer {
  constructor(
    private readonly config: MailConfig,
    private readonly templates: MailTemplates,
    private readonly clock: Clock,
  ) {}

  /** @throws MailAddressError, MailHeaderError, MailContentError, MailRecipientsError, MailSenderError, MailTemplateError, UnknownMailerError */
  async compose(given: MailMessage | Mailable): Promise<ComposedMail> {
    const message = given instanceof Mailable ? await given.message() : given;
    const from = this.senderOf(message);
    const recipients = this.recipientsOf(message);
    return Object.freeze({
      id: `${randomToken(18)}@${from.address.split('@')[1]!}`,
      date: this.clock.now(),
      mailer: this.mailerOf(message),
      from,
      ...recipients,
      replyTo: message.replyTo === undefined ? this.config.replyTo : readMailboxes('replyTo', message.replyTo),
      ...(await this.wordsOf(message)),
      attachments: (message.attachments ?? []).map(readAttachment),
      headers: readHeaders(message.headers ?? {}),
    });
  }

  private mailerOf({ mailer }: MailMessage): string | null {
    const { mailers } = this.config;
    if (mailer === undefined) return null;
    if (mailers.has(mailer)) return mailer;
    throw new UnknownMailerError(mailer, didYouMean(mailer, mailers.keys()));
  }

  private senderOf({ from, mailer = '' }: MailMessage): ReadMailbox {
    const usual = this.config.mailers.get(mailer)?.from ?? this.config.from;
    const sender = from === undefined ? usual : readMailbox('from', from);
    if (sender) return sender;
    throw new MailSenderError();
  }

  private recipientsOf(message: MailMessage): Pick<ComposedMail, 'to' | 'cc' | 'bcc'> {
    const to = readMailboxes('to', message.to);
    const cc = readMailboxes('cc', message.cc);
    const bcc = readMailboxes('bcc', message.bcc);
    const count = to.length + cc.length + bcc.length;
    if (count === 0 || count > this.config.maxRecipients)
      throw new MailRecipientsError(count, this.config.maxRecipients);
    return { to, cc, bcc };
  }

  private async wordsOf(message: MailMessage): Promise<MailWords> {
    if (message.template !== undefined) return this.templates.render(message.template, message.data ?? {});
    const { subject, text, html } = message;
    return {
      subject: readSubject(subject),
      text: readText('text', text),
      html: html === undefined ? null : readText('html', String(html)),
    };
  }
}

function readSubject(subject: unknown): string {
  if (typeof subject !== 'string' || subject.trim() === '')
    throw new MailContentError('subject', 'is empty', 'Say in one line what the mail is about');
  refuseControlCharacters('subject', subject);
  if (subject.length <= LONGEST_SUBJECT) return subject;
  throw new MailContentError('subject', `is longer than ${LONGEST_SUBJECT} characters`, 'Put the rest into the text');
}

function readText(field: string, text: unknown): string {
  if (typeof text === 'string' && text !== '') return text;
  throw new MailContentError(field, 'is empty', 'Every mail has a text, for programs that show no HTML');
}

function readHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(headers)) {
    const field = `headers.${name}`;
    if (!HEADER_NAME.test(name))
      throw new MailHeaderError('headers', name, 'is no name of a header', 'Use letters, digits and hyphens');
    if (OWN_HEADERS.test(name))
      throw new MailHeaderError('headers', name, 'follows from the rest of the mail', 'Use the field of the mail');
    refuseControlCharacters(field, value);
  }
  return Object.freeze({ ...headers });
}

function readAttachment(part: MailAttachment, index: number): ComposedAttachment {
  const { filename, content, contentType } = part;
  const inline = part.inline ?? null;
  const field = `attachments[${index}]`;
  if (typeof filename !== 'string' || filename === '')
    throw new MailContentError(`${field}.filename`, 'is empty', 'Name the file as its reader is to see it');
  refuseControlCharacters(`${field}.filename`, filename);
  if (typeof content !== 'string' && !(content instanceof Uint8Array))
    throw new MailContentError(`${field}.content`, 'is neither text nor bytes', 'Read the file first');
  const type = contentType ?? mediaTypeOf(filename) ?? 'application/octet-stream';
  if (!CONTENT_TYPE.test(type))
    throw new MailHeaderError(`${field}.contentType`, type, 'is no media type', 'Write application/pdf');
  if (inline !== null && !INLINE_NAME.test(inline))
    throw new MailHeaderError(`${field}.inline`, inline, 'is no name of a part', 'Use letters, digits, _ - . and @');
  return { filename, contentType: type, content: typeof content === 'string' ? Buffer.from(content) : content, inline };
}

function refuseControlCharacters(field: string, value: unknown): void {
  if (typeof value === 'string' && !hasControlCharacter(value)) return;
  const hint = 'Remove line breaks; when a visitor wrote the value, somebody may be trying to send mail through you';
  throw new MailHeaderError(field, value, 'has a line break or another control character', hint);
}
