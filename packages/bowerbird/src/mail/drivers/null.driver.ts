import { recipientsOf, type ComposedMail } from '../composed-mail.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';

/** Takes every mail and forgets it. */
export class NullTransport extends MailTransport {
  async send(mail: ComposedMail): Promise<MailReceipt> {
    return { id: mail.id, accepted: recipientsOf(mail), rejected: [] };
  }
}
