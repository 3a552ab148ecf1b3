import { createHash } from 'node:crypto';

/** The strong entity tag of a representation (RFC 9110, section 8.8.3). */
export function entityTag(representation: string): string {
  return `"${createHash('sha256').update(representation).digest('base64url').slice(0, 27)}"`;
}

/** Whether one of the tags of `If-Match` or `If-None-Match` is this one; weak ones count with `weak` alone. */
export function matchesTag(header: string, tag: string, { weak = false } = {}): boolean {
  const tags = header.split(',').map((one) => one.trim());
  return tags.some((one) => one === '*' || one === tag || (weak && one === `W/${tag}`));
}
