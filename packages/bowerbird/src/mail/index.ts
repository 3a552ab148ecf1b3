export {
  type ComposedAttachment,
  type ComposedMail,
  mailFromJson,
  type MailJson,
  mailToJson,
} from './composed-mail.js';
export {
  type FileMailOptions,
  type MailDriver,
  type MailDriverParts,
  mailDrivers,
  type PreviewMailOptions,
  type SmtpEncryption,
  type SmtpOptions,
} from './mail-driver.js';
export {
  Mailable,
  type MailAttachment,
  type MailEnvelope,
  type MailMessage,
  type TemplateMail,
  type WrittenMail,
} from './mail-message.js';
export { MailOutbox } from './mail-outbox.js';
export { type MailReceipt, MailTransport } from './mail-transport.js';
export { type Mailbox, type Mailboxes, type ReadMailbox } from './mailbox.js';
export { Mailer, type MailToStaff } from './mailer.service.js';
export { MailChecks } from './mail.checks.js';
export {
  MailAddressError,
  MailContentError,
  MailDeliveryError,
  MailHeaderError,
  MailNotSetUpError,
  MailOptionError,
  MailQueueError,
  MailRecipientsError,
  MailSenderError,
  MailTemplateError,
  UnknownMailerError,
} from './mail.errors.js';
export { MailModule } from './mail.module.js';
export {
  MailConfig,
  type MailOptions,
  type NamedMailerConfig,
  type NamedMailerOptions,
  resolveMail,
} from './mail.options.js';
export { PREVIEW_PATH } from './preview/preview-path.js';
