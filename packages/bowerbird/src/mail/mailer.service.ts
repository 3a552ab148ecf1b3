import { Injectable, Optional } from '@nestjs/common';

import { Jobs, type EnqueueOptions } from '#jobs';

import { mailToJson, type ComposedMail } from './composed-mail.js';
import { MailComposer } from './mail-composer.js';
import { type Mailable, type MailMessage, type TemplateMail, type WrittenMail } from './mail-message.js';
import { MailTransport, type MailReceipt } from './mail-transport.js';
import { MailQueueError } from './mail.errors.js';
import { MailConfig } from './mail.options.js';
import { type ReadMailbox } from './mailbox.js';
import { SendMail } from './send-mail.job.js';

/** A mail whose recipients are in the settings. */
export type MailToStaff = Omit<WrittenMail, 'to'> | Omit<TemplateMail, 'to'>;

/** Sends mail. */
@Injectable()
export class Mailer {
  constructor(
    private readonly config: MailConfig,
    private readonly composer: MailComposer,
    private readonly transport: MailTransport,
    @Optional() private readonly jobs?: Jobs,
  ) {}

  /**
   * Sends a mail and waits until the server has taken it, which may be seconds; a transaction that is rolled back
   * afterwards does not call it back. @throws MailDeliveryError, and what {@link compose} throws
   */
  async send(mail: MailMessage | Mailable): Promise<MailReceipt> {
    return this.transport.send(await this.compose(mail));
  }

  /**
   * Renders a mail now and has a worker send it, up to eight times until the server takes it. Inside of a transaction it is
   * queued when that commits, and never when it does not.
   * @returns the id of the job
   * @throws MailQueueError where the jobs are off, JobPayloadSizeError, and what {@link compose} throws
   */
  async queue(
    mail: MailMessage | Mailable,
    options?: Pick<EnqueueOptions, 'delay' | 'at' | 'priority'>,
  ): Promise<string> {
    if (!this.jobs) throw new MailQueueError();
    return this.jobs.enqueue(SendMail, { mail: mailToJson(await this.compose(mail)) }, options);
  }

  /**
   * What would be sent: rendered, checked, with all that the settings add.
   * @throws MailAddressError, MailHeaderError, MailContentError, MailRecipientsError, MailSenderError, MailTemplateError
   */
  compose(mail: MailMessage | Mailable): Promise<ComposedMail> {
    return this.composer.compose(mail);
  }

  /** Sends a mail to `settings.mail.admins`; null where there are none. */
  mailAdmins(mail: MailToStaff): Promise<MailReceipt | null> {
    return this.mailStaff(this.config.admins, mail);
  }

  /** Sends a mail to `settings.mail.managers`; null where there are none. */
  mailManagers(mail: MailToStaff): Promise<MailReceipt | null> {
    return this.mailStaff(this.config.managers, mail);
  }

  private async mailStaff(to: readonly ReadMailbox[], mail: MailToStaff): Promise<MailReceipt | null> {
    if (to.length === 0) return null;
    const composed = await this.compose({ ...mail, to });
    return this.transport.send({ ...composed, subject: this.config.subjectPrefix + composed.subject });
  }
}
