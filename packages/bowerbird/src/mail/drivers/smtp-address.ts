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

/** What the options and their URL say together. @throws MailOptionError, which shows no password */
export function readSmtpAddress(options: SmtpOptions): SmtpAddress {
  const url = options.url === undefined ? undefined : readUrl(textOf(options.url));
  const host = options.host ?? url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (host === '') throw new MailOptionError('mailDrivers.smtp({ host })', 'missing', 'the name of a server');
  const given = options.tls ?? url?.searchParams.get('tls') ?? (url?.protocol === 'smtps:' ? 'implicit' : undefined);
  const port = options.port ?? (url?.port ? Number(url.port) : undefined);
  const tls = readEncryption(given ?? (port === IMPLICIT_PORT ? 'implicit' : 'starttls'));
  return {
    host,
    port: readPort(port ?? (tls === 'implicit' ? IMPLICIT_PORT : SUBMISSION_PORT)),
    user: options.user ?? decodeURIComponent(url?.username ?? ''),
    password: options.password === undefined ? decodeURIComponent(url?.password ?? '') : textOf(options.password),
    tls,
  };
}

function textOf(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && /^smtps?:$/.test(url.protocol) && decodable(url.username) && decodable(url.password)) return url;
  const expected =
    'a URL such as smtp://user:password@smtp.example.com:587, with % before the codes of special letters';
  throw new MailOptionError('mailDrivers.smtp({ url })', JSON.stringify(maskUrl(text)), expected);
}

function decodable(part: string): boolean {
  try {
    decodeURIComponent(part);
    return true;
  } catch {
    return false;
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
