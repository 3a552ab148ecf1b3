import { type ComposedMail } from './composed-mail.js';

/** What became of a mail. */
export interface MailReceipt {
  /** The header `Message-ID` without its brackets. */
  readonly id: string;
  /** Addresses for which the mail was taken. */
  readonly accepted: readonly string[];
  /** Addresses that were refused while others were accepted. */
  readonly rejected: readonly string[];
}

/**
 * The way by which mail leaves. It gets mails that are checked and complete and changes nothing about them. One that holds
 * connections closes them in Nest's `onModuleDestroy()`. Every implementation passes the contract
 * `mail-transport.contract.ts` of `bowerbird/testing`.
 */
export abstract class MailTransport {
  /** Hands a mail over. @throws MailDeliveryError where nobody takes it for any recipient */
  abstract send(mail: ComposedMail): Promise<MailReceipt>;
}
