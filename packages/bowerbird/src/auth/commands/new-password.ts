import { randomInt } from 'node:crypto';

import { CommandError, type CommandInput, type CommandIo } from '#core';

import { type PasswordOwner } from '../passwords/password-rule.js';
import { type Passwords } from '../passwords/passwords.service.js';

/** The ways by which a command gets a new password. There is none through arguments: other users see those. */
export const PASSWORD_OPTIONS = [
  { flags: '--password-stdin', description: 'Read the password from standard input' },
  { flags: '--generate-password', description: 'Make a password up and show it once' },
] as const;

const MAX_TRIES = 3;

/** Without look-alikes (0 O, 1 l I), so that it can be read out and typed. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** A random password of 20 characters in four groups, about 116 bits. */
export function generatePassword(): string {
  const group = () => Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]!).join('');
  return Array.from({ length: 4 }, group).join('-');
}

/** A new password and whether it has to be shown. */
export interface NewPassword {
  readonly password: string;
  readonly generated: boolean;
}

/** Gets the new password by the way that the options chose. @throws CommandError when it is weak or cannot be had */
export async function newPassword(
  passwords: Passwords,
  owner: PasswordOwner,
  { options }: CommandInput,
  io: CommandIo,
): Promise<NewPassword> {
  if (options.generatePassword && options.passwordStdin)
    throw new CommandError('--generate-password and --password-stdin exclude each other');
  if (options.generatePassword) return { password: generatePassword(), generated: true };
  if (options.passwordStdin) return { password: await piped(passwords, owner, io), generated: false };
  if (options.input === false || !io.interactive)
    throw new CommandError('Nobody can type the password', { hint: 'Add --generate-password or --password-stdin' });
  return { password: await typed(passwords, owner, io), generated: false };
}

async function piped(passwords: Passwords, owner: PasswordOwner, io: CommandIo): Promise<string> {
  const password = (await io.readInput()).replace(/\r?\n$/, '');
  if (password === '') throw new CommandError('Standard input holds no password');
  const reasons = await passwords.weaknesses(password, owner);
  if (reasons.length > 0) throw new CommandError(reasons.join(' '));
  return password;
}

async function typed(passwords: Passwords, owner: PasswordOwner, io: CommandIo): Promise<string> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const password = await io.ask('Password', { secret: true });
    const reasons = await passwords.weaknesses(password, owner);
    for (const reason of reasons) io.err(reason);
    if (reasons.length > 0) continue;
    if (password === (await io.ask('Password (again)', { secret: true }))) return password;
    io.err('The two passwords differ.');
  }
  throw new CommandError(`No password after ${MAX_TRIES} tries`);
}
