import { maskUrl, Secret, showValue } from '#core';

import { type SmtpEncryption, type SmtpOptions } from '../mail-driver.js';
import { MailOptionError } from '../mail.errors.js';

/** A server of mail, and how to reach it. */
export interface SmtpAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly tls: SmtpEncryption;
}

const ENCRYPTIONS: readonly SmtpEncryption[] = ['implicit', 'starttls', 'none'];
const IMPLICIT_PORT = 465;
/** Of message submission (RFC 6409). */
const SUBMISSION_PORT = 587;

/** What the URL says, decoded. */
interface ReadUrl {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly tls: string | undefined;
}

const NO_URL: ReadUrl = { host: '', port: undefined, user: '', password: '', tls: undefined };

/** What the options and their URL say together. @throws MailOptionError, which shows no password */
export function readSmtpAddress(options: SmtpOptions): SmtpAddress {
  const url = options.url === undefined ? NO_URL : readUrl(textOf(options.url));
  const host = options.host ?? url.host;
  if (host === '') throw new MailOptionError('mailDrivers.smtp({ host })', 'missing', 'the name of a server');
  const port = options.port ?? url.port;
  const tls = readEncryption(options.tls ?? url.tls ?? (port === IMPLICIT_PORT ? 'implicit' : 'starttls'));
  return {
    host,
    port: readPort(port ?? (tls === 'implicit' ? IMPLICIT_PORT : SUBMISSION_PORT)),
    user: options.user ?? url.user,
    password: options.password === undefined ? url.password : textOf(options.password),
    tls,
  };
}

function textOf(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

function readUrl(text: string): ReadUrl {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const [user, password] = [decoded(url?.username), decoded(url?.password)];
  if (!url || !/^smtps?:$/.test(url.protocol) || user === undefined || password === undefined) {
    const expected = 'a URL such as smtp://user:password@smtp.example.com:587, its special letters as %40';
    throw new MailOptionError('mailDrivers.smtp({ url })', JSON.stringify(maskUrl(text)), expected);
  }
  const tls = url.searchParams.get('tls') ?? (url.protocol === 'smtps:' ? 'implicit' : undefined);
  const port = url.port === '' ? undefined : Number(url.port);
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port, user, password, tls };
}

function decoded(part = ''): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}

function readEncryption(given: string): SmtpEncryption {
  const tls = ENCRYPTIONS.find((known) => known === given);
  if (tls) return tls;
  throw new MailOptionError('mailDrivers.smtp({ tls })', showValue(given), `one of ${ENCRYPTIONS.join(', ')}`);
}

function readPort(port: number): number {
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new MailOptionError('mailDrivers.smtp({ port })', showValue(port), 'a whole number from 1 to 65535');
}
