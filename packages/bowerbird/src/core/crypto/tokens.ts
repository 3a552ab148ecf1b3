import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A random, URL-safe token of the given number of bytes (32 bytes give 43 characters). */
export function randomToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url');
}

/** Whether two texts are equal, in time that does not depend on where they differ. */
export function constantTimeEqual(left: string, right: string): boolean {
  const digest = (text: string) => hash('sha256', text, 'buffer');
  return timingSafeEqual(digest(left), digest(right));
}

/** SHA-256 of a text, base64url. */
export function sha256(text: string | Uint8Array): string {
  return hash('sha256', text, 'base64url');
}
