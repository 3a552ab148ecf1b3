import { randomToken } from '#core';

import { InvalidNameError } from './storage.errors.js';

/** Longest part of a name that common file systems take, in bytes; some room is left for a random part. */
const LONGEST_PART = 200;

/** The parts of a name that stays on its disk. @throws InvalidNameError */
export function partsOf(name: string): readonly string[] {
  const parts = name.split('/');
  if (name.length > 1000 || !parts.every(isSafePart)) throw new InvalidNameError(name);
  return parts;
}

/** Not empty, not hidden, no separators of any system, no control characters, no lone surrogates. */
function isSafePart(part: string): boolean {
  const plain = part !== '' && !part.startsWith('.') && !/[\\:\p{Cc}\p{Cs}]/u.test(part);
  return plain && Buffer.byteLength(part) <= 255;
}

/**
 * A name made fit for storing: what is unsafe in its last part is replaced or dropped, what is too long is cut before the
 * extension. @throws InvalidNameError where a folder is unsafe
 */
export function fitName(name: string): string {
  const folders = name.split('/');
  const last = fitPart(folders.pop()!);
  return partsOf([...folders, last].join('/')).join('/');
}

function fitPart(part: string): string {
  const clean = part
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .replace(/[\\:<>"|?*%#\s]+/g, '_')
    .replace(/^[._]+|[.]+$/g, '');
  return cut(clean === '' ? 'file' : clean);
}

function cut(part: string): string {
  if (Buffer.byteLength(part) <= LONGEST_PART) return part;
  const extension = extensionOf(part);
  const stem = Buffer.from(part.slice(0, part.length - extension.length)).subarray(0, LONGEST_PART - extension.length);
  return new TextDecoder().decode(stem).replace(/\ufffd+$/, '') + extension;
}

/** The same name with a random part before its extension; 48 bits, so that nobody guesses it or meets it twice. */
export function withRandomPart(name: string): string {
  const extension = extensionOf(name);
  return `${name.slice(0, name.length - extension.length)}_${randomToken(6)}${extension}`;
}

function extensionOf(name: string): string {
  return /\.[\w-]{1,16}$/.exec(name)?.[0] ?? '';
}
