import { type OnModuleDestroy } from '@nestjs/common';
import { type Mail, type NodemailerError, type SMTPPoolOptions, type SMTPPoolSentMessageInfo } from 'nodemailer';

import { loadPeer, MASK, parseDuration, showValue } from '#core';

import { type ComposedMail } from '../composed-mail.js';
import { type SmtpOptions } from '../mail-driver.js';
import { MailTransport, type MailReceipt } from '../mail-transport.js';
import { MailDeliveryError, MailOptionError } from '../mail.errors.js';
import { toNodemailer } from './nodemailer.js';
import { readSmtpAddress, type SmtpAddress } from './smtp-address.js';

type Pool = Mail<SMTPPoolSentMessageInfo, SMTPPoolOptions>;

const CONNECTIONS = 5;

/** Connects when the first mail is sent. @throws MailOptionError, MissingPeerError */
export async function createSmtpTransport(options: SmtpOptions): Promise<MailTransport> {
  const address = readSmtpAddress(options);
  const { createTransport } = await loadPeer('nodemailer', 'Mail by SMTP', () => import('nodemailer'));
  return new SmtpTransport(createTransport(poolOptions(address, options)), address);
}

function poolOptions(address: SmtpAddress, options: SmtpOptions): SMTPPoolOptions & { pool: true } {
  const { host, port, user, password, tls } = address;
  const timeout = readTimeout(options);
  return {
    pool: true,
    maxConnections: options.connections ?? CONNECTIONS,
    // A connection that the server has closed meanwhile; more would send a mail again that arrived.
    maxRequeues: 1,
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(options.ca !== undefined && { tls: { ca: options.ca } }),
    ...(user !== '' && { auth: { user, pass: password } }),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
  };
}

/** Milliseconds. @throws MailOptionError */
function readTimeout({ timeout = '30s' }: SmtpOptions): number {
  const length = parseDuration(timeout);
  if (length !== undefined && length > 0) return length;
  throw new MailOptionError('mailDrivers.smtp({ timeout })', showValue(timeout), 'a duration such as 30s');
}

/** Hands mail to a server (RFC 5321) and keeps connections open for the next one. */
class SmtpTransport extends MailTransport implements OnModuleDestroy {
  constructor(
    private readonly pool: Pool,
    private readonly address: SmtpAddress,
  ) {
    super();
  }

  async send(mail: ComposedMail): Promise<MailReceipt> {
    try {
      const { accepted, rejected } = await this.pool.sendMail(toNodemailer(mail));
      return { id: mail.id, accepted, rejected };
    } catch (error) {
      throw this.failure(mail, error as NodemailerError);
    }
  }

  onModuleDestroy(): void {
    this.pool.close();
  }

  private failure(mail: ComposedMail, error: NodemailerError): MailDeliveryError {
    const { host, port } = this.address;
    const reason = this.withoutPassword(error.message);
    const cause = Object.assign(new Error(reason), { code: error.code, responseCode: error.responseCode });
    return new MailDeliveryError(mail.subject, {
      server: `${host}:${port}`,
      reason,
      temporary: isTemporary(error),
      cause,
    });
  }

  /** Servers may repeat what they do not understand, and people look at errors. */
  private withoutPassword(text: string): string {
    const { user, password } = this.address;
    if (password === '') return text;
    const sent = [password, base64(password), base64(`\0${user}\0${password}`)];
    return sent.reduce((rest, secret) => rest.replaceAll(secret, MASK), text);
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Only what the server says of the mail itself is final: a login may be corrected, and a server comes back. */
function isTemporary({ code, permanent }: NodemailerError): boolean {
  return !(permanent === true && (code === 'EENVELOPE' || code === 'EMESSAGE'));
}
