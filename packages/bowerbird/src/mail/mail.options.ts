import { OptionReader, type SettingsBase, type SettingsProblems } from '#core';

import { mailDrivers, type MailDriver } from './mail-driver.js';
import { MailAddressError } from './mail.errors.js';
import { readMailbox, type Mailbox, type ReadMailbox } from './mailbox.js';

/** One of several ways of sending mail. */
export interface NamedMailerOptions {
  readonly driver: MailDriver;
  /** Who sends by it; `settings.mail.from` unless given. */
  readonly from?: string | Mailbox;
}

/** The resolved settings of one of several ways. */
export interface NamedMailerConfig {
  readonly driver: MailDriver;
  /** Null for `settings.mail.from`. */
  readonly from: ReadMailbox | null;
}

/** What users write in `settings.mail`. */
export interface MailOptions {
  /** How mail is sent. Default `mailDrivers.preview()` in development; production needs one. */
  readonly driver?: MailDriver;
  /** Who sends mail that says nothing else: `Shop <shop@example.com>`. Default `webmaster@localhost` in development. */
  readonly from?: string | Mailbox;
  /** Where answers go. Default: to the sender. */
  readonly replyTo?: string | Mailbox;
  /** Further ways of sending, by the name that a mail gives as its `mailer`. */
  readonly mailers?: Readonly<Record<string, NamedMailerOptions>>;
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
    readonly mailers: ReadonlyMap<string, NamedMailerConfig>,
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
    const drivers = [this.driver, ...[...this.mailers.values()].map(({ driver }) => driver)];
    return this.production ? undefined : drivers.find((driver) => driver?.preview !== undefined)?.preview;
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
    readMailers(reader),
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
  return isDriver(driver) ? driver : reader.fail('mail.E003', 'driver', driver, ...DRIVER, null);
}

function readMailers(reader: OptionReader<MailOptions>): MailConfig['mailers'] {
  const all = reader.nested<Record<string, NamedMailerOptions>>('mailers');
  const names = Object.keys(reader.raw('mailers') ?? {});
  const mailers = names.map((name) => [name, readMailer(all.nested<NamedMailerOptions>(name))] as const);
  all.finish();
  return new Map(mailers);
}

function readMailer(reader: OptionReader<NamedMailerOptions>): NamedMailerConfig {
  const driver: unknown = reader.raw('driver');
  const given: unknown = reader.raw('from');
  const config = {
    driver: isDriver(driver) ? driver : reader.fail('mail.E003', 'driver', driver, ...DRIVER, mailDrivers.null()),
    from:
      given === undefined ? null : readAddress('from', given, (hint) => reader.fail(...problem('from', given, hint))),
  };
  reader.finish();
  return { ...config, from: config.from ?? null };
}

function isDriver(driver: unknown): driver is MailDriver {
  return typeof driver === 'object' && driver !== null && 'create' in driver;
}

const DRIVER = ['a mail driver', 'Write mailDrivers.smtp({ url }), or another of mailDrivers'] as const;

function readOne(reader: OptionReader<MailOptions>, name: 'from' | 'replyTo'): ReadMailbox | undefined {
  const given: unknown = reader.raw(name);
  if (given === undefined) return undefined;
  return readAddress(name, given, (hint) => reader.fail(...problem(name, given, hint)));
}

function readMany(reader: OptionReader<MailOptions>, name: 'admins' | 'managers'): readonly ReadMailbox[] {
  const given: unknown = reader.raw(name) ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list
    .map((item) => readAddress(name, item, (hint) => reader.fail(...problem(name, item, hint))))
    .filter((mailbox) => mailbox !== undefined);
}

function problem<N extends string>(
  name: N,
  given: unknown,
  hint: string,
): ['mail.E002', N, unknown, string, string, undefined] {
  return ['mail.E002', name, given, 'an address', hint, undefined];
}

function readAddress(name: string, given: unknown, fail: (hint: string) => undefined): ReadMailbox | undefined {
  try {
    return readMailbox(name, given);
  } catch (error) {
    if (error instanceof MailAddressError) return fail(error.hint!);
    throw error;
  }
}
