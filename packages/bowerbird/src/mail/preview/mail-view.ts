import { html, type SafeHtml } from '#templates';

import { type ComposedAttachment, type ComposedMail } from '../composed-mail.js';
import { type KeptMail } from '../drivers/preview-files.js';
import { showMailbox, type ReadMailbox } from '../mailbox.js';
import { PREVIEW_PATH } from './preview-path.js';

/** What is shown of a mail at a time. */
export type MailPart = 'html' | 'phone' | 'text' | 'headers';

/** A line of the list. */
export interface MailLine {
  readonly href: string;
  readonly subject: string;
  readonly to: string;
  readonly at: Date;
  readonly files: number;
  readonly isCurrent: boolean;
}

/** A link to one part of a mail. */
export interface MailTab {
  readonly label: string;
  readonly href: string;
  readonly isCurrent: boolean;
}

/** One mail, as its page shows it. */
export interface MailView {
  readonly subject: string;
  readonly at: Date;
  readonly rows: readonly (readonly [label: string, value: string])[];
  readonly tabs: readonly MailTab[];
  readonly frame: { readonly href: string; readonly isPhone: boolean } | null;
  readonly text: SafeHtml | null;
  readonly headers: readonly (readonly [name: string, value: string])[] | null;
  readonly files: readonly { readonly name: string; readonly href: string; readonly about: string }[];
}

const LABELS: readonly (readonly [part: MailPart, label: string])[] = [
  ['html', 'HTML'],
  ['phone', 'On a phone'],
  ['text', 'Text'],
  ['headers', 'Headers'],
];

const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/;

/** The address of a mail's page, or of something below it. */
export function mailHref(name: string, rest = ''): string {
  return `/${PREVIEW_PATH}/${name}${rest}`;
}

export function describeLine({ name, mail }: KeptMail, current: string | undefined): MailLine {
  return {
    href: mailHref(name),
    subject: mail.subject,
    to: [...mail.to, ...mail.cc, ...mail.bcc].map((mailbox) => mailbox.name || mailbox.address).join(', '),
    at: mail.date,
    files: mail.attachments.filter(({ inline }) => inline === null).length,
    isCurrent: name === current,
  };
}

/** @param asked which part the visitor wants to see; one that the mail does not have becomes its text */
export function describeMail({ name, mail }: KeptMail, asked: string | undefined): MailView {
  const parts = LABELS.filter(([part]) => mail.html !== null || part === 'text' || part === 'headers');
  const current = parts.find(([part]) => part === asked)?.[0] ?? parts[0]![0];
  const framed = current === 'html' || current === 'phone';
  return {
    subject: mail.subject,
    at: mail.date,
    rows: rowsOf(mail),
    tabs: parts.map(([part, label]) => ({ label, href: mailHref(name, `?part=${part}`), isCurrent: part === current })),
    frame: framed ? { href: mailHref(name, '/html'), isPhone: current === 'phone' } : null,
    text: current === 'text' ? withLinks(mail.text) : null,
    headers: current === 'headers' ? headersOf(mail) : null,
    files: mail.attachments.map((file, index) => ({
      name: file.filename,
      href: mailHref(name, `/files/${index}`),
      about: aboutFile(file),
    })),
  };
}

function rowsOf(mail: ComposedMail): MailView['rows'] {
  const rows: MailView['rows'] = [
    ['From', showMailbox(mail.from)],
    ['To', list(mail.to)],
    ['Cc', list(mail.cc)],
    ['Bcc', list(mail.bcc)],
    ['Answers to', list(mail.replyTo)],
  ];
  return rows.filter(([, value]) => value !== '');
}

function headersOf(mail: ComposedMail): NonNullable<MailView['headers']> {
  return [
    ['Message-ID', `<${mail.id}>`],
    ['Date', mail.date.toISOString()],
    ['Subject', mail.subject],
    ...rowsOf(mail).map(([label, value]) => [label === 'Answers to' ? 'Reply-To' : label, value] as const),
    ...Object.entries(mail.headers),
  ];
}

function list(mailboxes: readonly ReadMailbox[]): string {
  return mailboxes.map(showMailbox).join(', ');
}

function aboutFile({ contentType, content, inline }: ComposedAttachment): string {
  const bytes = content.byteLength;
  const size = bytes < 1024 ? `${bytes} B` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KiB`;
  return [contentType.split(';', 1)[0]!, size, ...(inline === null ? [] : [`shown as cid:${inline}`])].join(', ');
}

/** Mails are full of links that somebody wants to follow. */
function withLinks(text: string): SafeHtml {
  const pieces = text.split(ADDRESS).map((piece, index) => {
    return index % 2 === 0 ? piece : html`<a href="${piece}" target="_blank" rel="noopener noreferrer">${piece}</a>`;
  });
  return html`${pieces}`;
}
