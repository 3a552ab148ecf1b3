import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { mailDrivers, type MailDriver } from './mail-driver.js';
import { MailAddressError } from './mail.errors.js';
import { readMailbox, type Mailbox, type ReadMailbox } from './mailbox.js';

/** What users write in `settings.mail`. */
export interface MailOptions {
  /** How mail is sent. Default `mailDrivers.preview()` in development; production needs one. */
  readonly driver?: MailDriver;
  /** Who sends mail that says nothing else: `Shop <shop@example.com>`. Default `webmaster@localhost` in development. */
  readonly from?: string | Mailbox;
  /** Where answers go. Default: to the sender. */
  readonly replyTo?: string | Mailbox;
  /** Who gets `mailer.mailAdmins()`. */
  readonly admins?: readonly (string | Mailbox)[];
  /** Who gets `mailer.mailManagers()`. */
  readonly managers?: readonly (string | Mailbox)[];
  /** Stands before the subjects of mail to admins and managers. Default `[Bowerbird] `. */
  readonly subjectPrefix?: string;
  /** Most recipients of one mail; from 1 to 10,000. Default 100. */
  readonly maxRecipients?: number;
}

/** The resolved settings of mail. */
export class MailConfig {
  constructor(
    /** Null where production has none: nothing can be sent. */
    readonly driver: MailDriver | null,
    readonly from: ReadMailbox | null,
    readonly replyTo: readonly ReadMailbox[],
    readonly admins: readonly ReadMailbox[],
    readonly managers: readonly ReadMailbox[],
    readonly subjectPrefix: string,
    readonly maxRecipients: number,
    /** Whether the settings say anything of mail. */
    readonly chosen: boolean,
    readonly production: boolean,
    /** Directory of the project. */
    readonly home: URL,
  ) {}

  /** Directory of the mails that the pages at `/__mail/` show, relative to the project's; never in production. */
  get preview(): string | undefined {
    return this.production ? undefined : this.driver?.preview;
  }
}

/** Resolves `settings.mail`. */
export function resolveMail(
  options: MailOptions | undefined,
  problems: SettingsProblems,
  base: SettingsBase,
): MailConfig {
  const reader = new OptionReader<MailOptions>('settings.mail', options, problems);
  const config = new MailConfig(
    readDriver(reader, base.production),
    readOne(reader, 'from') ?? (base.production ? null : { name: '', address: 'webmaster@localhost' }),
    [readOne(reader, 'replyTo')].filter((mailbox) => mailbox !== undefined),
    readMany(reader, 'admins'),
    readMany(reader, 'managers'),
    reader.string('subjectPrefix', '[Bowerbird] ', {
      pattern: /^[^\r\n]{0,100}$/,
      expected: 'at most 100 characters in one line',
    }),
    reader.number('maxRecipients', 100, { min: 1, max: 10_000, integer: true }),
    options !== undefined,
    base.production,
    base.home ?? base.root,
  );
  reader.finish();
  return config;
}

function readDriver(reader: OptionReader<MailOptions>, production: boolean): MailDriver | null {
  const driver: unknown = reader.raw('driver');
  if (driver === undefined) return production ? null : mailDrivers.preview();
  if (typeof driver === 'object' && driver !== null && 'create' in driver) return driver as MailDriver;
  const hint = 'Write mailDrivers.smtp({ url }), or another of mailDrivers';
  return reader.fail('mail.E003', 'driver', driver, 'a mail driver', hint, null);
}

function readOne(reader: OptionReader<MailOptions>, name: 'from' | 'replyTo'): ReadMailbox | undefined {
  const given: unknown = reader.raw(name);
  return given === undefined ? undefined : checked(reader, name, given);
}

function readMany(reader: OptionReader<MailOptions>, name: 'admins' | 'managers'): readonly ReadMailbox[] {
  const given: unknown = reader.raw(name) ?? [];
  const list = Array.isArray(given) ? given : [given];
  return list.map((item) => checked(reader, name, item)).filter((mailbox) => mailbox !== undefined);
}

function checked(reader: OptionReader<MailOptions>, name: keyof MailOptions, given: unknown): ReadMailbox | undefined {
  try {
    return readMailbox(name, given);
  } catch (error) {
    if (!(error instanceof MailAddressError)) throw error;
    return reader.fail('mail.E002', name, given, 'an address', error.hint!, undefined);
  }
}
