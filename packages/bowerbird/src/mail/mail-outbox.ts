import { Injectable } from '@nestjs/common';

import { type ComposedMail } from './composed-mail.js';

/** More would fill the memory of a process that sends and never looks. */
const MOST_MAILS = 1_000;

/** The mails that the driver `memory` was given, oldest first: `app.outbox` in tests. */
@Injectable()
export class MailOutbox {
  private mails: readonly ComposedMail[] = [];

  /** At most the last 1,000. */
  get all(): readonly ComposedMail[] {
    return this.mails;
  }

  add(mail: ComposedMail): void {
    this.mails = [...this.mails, mail].slice(-MOST_MAILS);
  }

  clear(): void {
    this.mails = [];
  }
}
