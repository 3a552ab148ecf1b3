import { MailTransport } from '../mail-transport.js';
import { MailNotSetUpError } from '../mail.errors.js';

/** Stands where production has no driver: refuses every mail rather than to lose it. */
export class UnsetTransport extends MailTransport {
  async send(): Promise<never> {
    throw new MailNotSetUpError();
  }
}
