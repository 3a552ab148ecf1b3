import { recipientsOf, type ComposedMail } from '../composed-mail.js';
import { type MailOutbox } from '../mail-outbox.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';

/** Puts every mail into the outbox of the process. */
export class MemoryTransport extends MailTransport {
  constructor(private readonly outbox: MailOutbox) {
    super();
  }

  async send(mail: ComposedMail): Promise<MailReceipt> {
    this.outbox.add(mail);
    return { id: mail.id, accepted: recipientsOf(mail), rejected: [] };
  }
}
