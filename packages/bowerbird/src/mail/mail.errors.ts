import { FrameworkError, showValue } from '#core';

/** Something that is no address stands where one must. */
export class MailAddressError extends FrameworkError {
  readonly code = 'mail.address';

  constructor(
    /** The field of the mail, or the setting. */
    readonly field: string,
    shown: string,
    problem: string,
  ) {
    super(`${shown} in "${field}" ${problem}`, {
      hint: 'Write ann@example.com, "Ann Lee <ann@example.com>" or { name, address }, and several of them as a list',
    });
  }
}

/** A header would have more than one line, which lets whoever wrote the value add headers and recipients. */
export class MailHeaderError extends FrameworkError {
  readonly code = 'mail.header';

  constructor(
    /** The field of the mail, such as `subject` or `headers.X-Order`. */
    readonly field: string,
    value: unknown,
    problem: string,
    hint: string,
  ) {
    super(`${showValue(value)} in "${field}" ${problem}`, { hint });
  }
}

/** A mail to nobody, or to more than `settings.mail.maxRecipients`. */
export class MailRecipientsError extends FrameworkError {
  readonly code = 'mail.recipients';

  constructor(count: number, most: number) {
    super(count === 0 ? 'The mail has no recipients' : `The mail has ${count} recipients, and ${most} are allowed`, {
      hint:
        count === 0
          ? 'Give at least one address in to, cc or bcc'
          : 'Send one mail to each of them, or raise settings.mail.maxRecipients',
    });
  }
}

/** A mail without a sender. */
export class MailSenderError extends FrameworkError {
  readonly code = 'mail.no_sender';

  constructor() {
    super('The mail says nothing of who sends it, and settings.mail.from is not set', {
      hint: "Write mail: { from: 'Shop <shop@example.com>' } in the settings",
    });
  }
}

/** The words or the parts of a mail are not what they must be. */
export class MailContentError extends FrameworkError {
  readonly code = 'mail.content';

  constructor(
    readonly field: string,
    problem: string,
    hint: string,
  ) {
    super(`"${field}" of the mail ${problem}`, { hint });
  }
}

/** A template of a mail is missing, or makes something that cannot be sent. */
export class MailTemplateError extends FrameworkError {
  readonly code = 'mail.template';

  constructor(file: string, problem: string, hint: string) {
    super(`The template ${file} ${problem}`, { hint });
  }
}

/** How a delivery failed. */
export interface DeliveryFailure {
  /** Where it should have gone: `smtp.example.com:587`. */
  readonly server: string;
  readonly reason: string;
  /** Whether the same mail may be accepted later. */
  readonly temporary: boolean;
  readonly cause?: unknown;
}

/** The server did not take the mail, or could not be reached. */
export class MailDeliveryError extends FrameworkError {
  readonly code = 'mail.delivery';
  /** Whether the same mail may be accepted later; jobs try those again. */
  readonly temporary: boolean;

  constructor(subject: string, { server, reason, temporary, cause }: DeliveryFailure) {
    super(`The mail ${JSON.stringify(subject)} could not be handed to ${server}: ${reason}`, {
      hint: temporary
        ? 'Try again later, or send it with mailer.queue(), which does'
        : 'Correct the addresses or the mail; the server will not take it like this',
      cause,
    });
    this.temporary = temporary;
  }
}

/** A mail names a mailer that the settings do not have. */
export class UnknownMailerError extends FrameworkError {
  readonly code = 'mail.unknown_mailer';

  constructor(name: string, suggestion: string) {
    super(`No mailer named ${showValue(name)} in settings.mail.mailers. ${suggestion}`.trim(), {
      hint: 'Leave `mailer` out of the mail, or add it to settings.mail.mailers',
    });
  }
}

/** In production nobody said how mail is sent. */
export class MailNotSetUpError extends FrameworkError {
  readonly code = 'mail.not_set_up';

  constructor() {
    super('The application runs in production, and settings.mail.driver is not set', {
      hint: "Write mail: { driver: mailDrivers.smtp({ url: env.secret('SMTP_URL') }), from: 'Shop <shop@example.com>' }",
    });
  }
}

/** Mail was to be queued in an application without jobs. */
export class MailQueueError extends FrameworkError {
  readonly code = 'mail.no_queue';

  constructor() {
    super('Mail cannot be queued: settings.jobs is off', {
      hint: 'Remove `jobs: false` from the settings, or send the mail with mailer.send()',
    });
  }
}

/** A driver was made with an option that makes no sense. */
export class MailOptionError extends FrameworkError {
  readonly code = 'mail.option';

  constructor(option: string, shown: string, expected: string) {
    super(`${option} is ${shown} and should be ${expected}`, { hint: `Change ${option}` });
  }
}
