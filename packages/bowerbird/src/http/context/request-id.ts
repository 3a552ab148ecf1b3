import { randomUUID } from 'node:crypto';

const VALID = /^[A-Za-z0-9._-]{1,128}$/;

/** The client's request id where it is harmless in headers and logs (at most 128 characters), or a new one. */
export function requestId(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && VALID.test(given) ? given : randomUUID();
}
