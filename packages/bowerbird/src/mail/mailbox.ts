import { domainToASCII } from 'node:url';

import { showValue } from '#core';

import { MailAddressError } from './mail.errors.js';

/** Somebody's address, with the name that mail programs show beside it. */
export interface Mailbox {
  readonly name?: string;
  /** `ann@example.com`; the domain may have letters of any language. */
  readonly address: string;
}

/** One address or several; each as `ann@example.com`, `Ann Lee <ann@example.com>` or an object. */
export type Mailboxes = string | Mailbox | readonly (string | Mailbox)[];

/** A checked address: its domain is in ASCII (RFC 5891), the name is empty where there is none. */
export type ReadMailbox = Required<Mailbox>;

/** What RFC 5321 lets stand before the `@` without quotes. */
const LOCAL = /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*$/;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
// oxlint-disable-next-line no-control-regex -- the characters with which lines of a header end, and their kind
const CONTROL = /[\u0000-\u001f\u007f]/;

const LONGEST_LOCAL = 64;
const LONGEST_ADDRESS = 254;

/** Whether a text would begin a line of its own in a header, or end up as something that no header may have. */
export function hasControlCharacter(text: string): boolean {
  return CONTROL.test(text);
}

/** The addresses of a field, checked. @throws MailAddressError which names the field */
export function readMailboxes(field: string, given: Mailboxes | undefined): readonly ReadMailbox[] {
  if (given === undefined) return [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  return list.map((item) => readMailbox(field, item));
}

/** One address, checked. @throws MailAddressError which names the field */
export function readMailbox(field: string, given: unknown): ReadMailbox {
  if (typeof given === 'string') refuseControlCharacters(field, given, given);
  const { name = '', address } = partsOf(field, given);
  if (typeof address !== 'string' || typeof name !== 'string')
    throw new MailAddressError(field, showValue(given), 'is no address');
  const shown = name ? `${name} <${address}>` : address;
  refuseControlCharacters(field, name + address, shown);
  const problem = problemOf(address);
  if (problem) throw new MailAddressError(field, JSON.stringify(shown), problem);
  return Object.freeze({ name: name.trim(), address: asciiAddress(address) });
}

/** `Ann Lee <ann@example.com>`, for people to read; no header is made of it. */
export function showMailbox({ name, address }: ReadMailbox): string {
  return name === '' ? address : `${name} <${address}>`;
}

function refuseControlCharacters(field: string, text: string, shown: string): void {
  if (!hasControlCharacter(text)) return;
  throw new MailAddressError(field, JSON.stringify(shown), 'has a line break or another control character');
}

function partsOf(field: string, given: unknown): Mailbox {
  if (typeof given === 'object' && given !== null) return given as Mailbox;
  if (typeof given !== 'string') throw new MailAddressError(field, showValue(given), 'is no address');
  const named = /^\s*(?:"([^"]*)"|([^<>"]*?))\s*<([^<>]*)>\s*$/.exec(given);
  return named ? { name: named[1] ?? named[2]!, address: named[3]! } : { address: given };
}

function problemOf(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at < 0) return 'has no @';
  const local = address.slice(0, at);
  if (/[,;]/.test(address)) return 'seems to be several addresses; write them as a list';
  if (local.length > LONGEST_LOCAL || !LOCAL.test(local)) return 'has letters before the @ that few servers deliver to';
  const domain = domainToASCII(address.slice(at + 1));
  if (!domain.split('.').every((label) => LABEL.test(label))) return 'has no domain behind the @';
  return asciiAddress(address).length > LONGEST_ADDRESS ? `is longer than ${LONGEST_ADDRESS} characters` : undefined;
}

function asciiAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${address.slice(0, at)}@${domainToASCII(address.slice(at + 1))}`;
}
