import { Logger } from '@nestjs/common';

import { recipientsOf, type ComposedMail } from '../composed-mail.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';
import { PREVIEW_PATH } from '../preview/preview-path.js';
import { PreviewFiles } from './preview-files.js';

/** Keeps every mail for the pages that show them, and logs where. */
export class PreviewTransport extends MailTransport {
  private readonly logger = new Logger('Mail');
  private readonly files: PreviewFiles;

  constructor(directory: URL, keep: number) {
    super();
    this.files = new PreviewFiles(directory, keep);
  }

  async send(mail: ComposedMail): Promise<MailReceipt> {
    const name = await this.files.add(mail);
    const recipients = recipientsOf(mail);
    this.logger.log(`${JSON.stringify(mail.subject)} to ${recipients.join(', ')}: see /${PREVIEW_PATH}/${name}`);
    return { id: mail.id, accepted: recipients, rejected: [] };
  }
}
