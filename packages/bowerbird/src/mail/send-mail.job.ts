import { BackgroundJob, Job, JobFailedError } from '#jobs';

import { mailFromJson, type MailJson } from './composed-mail.js';
import { MailTransport } from './mail-transport.js';
import { MailDeliveryError } from './mail.errors.js';

/** What {@link SendMail} is given. */
export interface SendMailPayload {
  readonly mail: MailJson;
}

/** Sends a mail that waits in a queue. It was rendered when it was enqueued, so each attempt sends the same one. */
@Job({ name: 'mail.send', queue: 'mail', attempts: 8 })
export class SendMail extends BackgroundJob<SendMailPayload> {
  constructor(private readonly transport: MailTransport) {
    super();
  }

  async run({ mail }: SendMailPayload): Promise<void> {
    try {
      await this.transport.send(mailFromJson(mail));
    } catch (error) {
      // What the server refuses for good it refuses again.
      if (error instanceof MailDeliveryError && !error.temporary)
        throw new JobFailedError(error.message, { cause: error });
      throw error;
    }
  }
}
