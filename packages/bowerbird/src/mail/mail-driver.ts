import { Secret, type Clock, type Duration } from '#core';

import { type MailOutbox } from './mail-outbox.js';
import { type MailTransport } from './mail-transport.js';

/** What a driver may use to build its transport. */
export interface MailDriverParts {
  readonly clock: Clock;
  /** Directory of the project: relative paths of data start here. Ends with a slash. */
  readonly home: URL;
  readonly outbox: MailOutbox;
}

/** A way of sending mail, chosen by value: `mail: { driver: mailDrivers.smtp({ url }) }`. */
export interface MailDriver {
  /** For messages and checks. */
  readonly name: string;
  /** Whether mails reach their recipients; drivers that keep them are refused in production. */
  readonly delivers: boolean;
  /** Directory of the mails that the pages at `/__mail/` show, relative to that of the project. */
  readonly preview?: string;
  create(parts: MailDriverParts): Promise<MailTransport>;
}

/** How the connection is encrypted: from the first byte, after the server's greeting, or not at all. */
export type SmtpEncryption = 'implicit' | 'starttls' | 'none';

/** Where and how mail is handed to a server. Single options win over what the URL says. */
export interface SmtpOptions {
  /** `smtp://user:password@host:587`, `smtps://…` for port 465; `?tls=none` for a server without encryption. */
  readonly url?: string | Secret;
  readonly host?: string;
  /** Default 587; 465 with `tls: 'implicit'`. */
  readonly port?: number;
  readonly user?: string;
  readonly password?: string | Secret;
  /** Default `implicit` on port 465, `starttls` on any other; without it nothing is sent unencrypted. */
  readonly tls?: SmtpEncryption;
  /** Certificates in PEM of an authority that only this server needs. */
  readonly ca?: string;
  /** How long the server may take to connect or to answer. Default `30s`. */
  readonly timeout?: Duration;
  /** Most connections at a time; they are kept open for the next mails. Default 5. */
  readonly connections?: number;
}

/** Where mails are written. */
export interface FileMailOptions {
  /** Directory, relative to that of the project. Default `var/mail/`. */
  readonly directory?: string;
}

/** Which mails the pages at `/__mail/` show. */
export interface PreviewMailOptions extends FileMailOptions {
  /** Most mails to keep; the oldest make room. Default 100. */
  readonly keep?: number;
}

const DIRECTORY = 'var/mail/';

/** The ways of sending mail that come with the framework. */
export const mailDrivers = {
  /**
   * Hands mail to a server, by the package `nodemailer`. Where the URL is a secret that the environment of development does
   * not have, it is {@link mailDrivers.preview} instead.
   */
  smtp: (options: SmtpOptions): MailDriver =>
    isStandIn(options.url)
      ? previewDriver({})
      : {
          name: 'smtp',
          delivers: true,
          create: async () => (await import('./drivers/smtp.driver.js')).createSmtpTransport(options),
        },

  /**
   * Shows mail at `/__mail/` instead of sending it: each is one file of the project's directory, so that processes share
   * them and restarts keep them. The default of development.
   */
  preview: (options: PreviewMailOptions = {}): MailDriver => previewDriver(options),

  /** Logs mail as text. */
  console: (): MailDriver => ({
    name: 'console',
    delivers: false,
    create: async () => new (await import('./drivers/console.driver.js')).ConsoleTransport(),
  }),

  /** Writes each mail into a file that mail programs open (`.eml`, RFC 5322), by the package `nodemailer`. */
  file: ({ directory = DIRECTORY }: FileMailOptions = {}): MailDriver => ({
    name: 'file',
    delivers: false,
    create: async ({ home }) => {
      const { FileTransport } = await import('./drivers/file.driver.js');
      return new FileTransport(new URL(asDirectory(directory), home));
    },
  }),

  /** Keeps mail in the {@link MailOutbox} of this process: for tests. */
  memory: (): MailDriver => ({
    name: 'memory',
    delivers: false,
    create: async ({ outbox }) => new (await import('./drivers/memory.driver.js')).MemoryTransport(outbox),
  }),

  /** Forgets mail. */
  null: (): MailDriver => ({
    name: 'null',
    delivers: false,
    create: async () => new (await import('./drivers/null.driver.js')).NullTransport(),
  }),
} as const;

function previewDriver({ directory = DIRECTORY, keep = 100 }: PreviewMailOptions): MailDriver {
  return {
    name: 'preview',
    delivers: false,
    preview: directory,
    create: async ({ home }) => {
      const { PreviewTransport } = await import('./drivers/preview.driver.js');
      return new PreviewTransport(new URL(asDirectory(directory), home), keep);
    },
  };
}

/** Whether nobody has said yet where mail goes; in production such a secret stops the boot. */
function isStandIn(url: SmtpOptions['url']): boolean {
  return url instanceof Secret && url.standIn;
}

/** The path of a directory, as addresses need it. */
export function asDirectory(path: string): string {
  return path.endsWith('/') ? path : `${path}/`;
}
