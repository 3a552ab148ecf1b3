/** Longest address that can be delivered to (RFC 5321, section 4.5.3.1.3, without the brackets). */
export const MAX_EMAIL_LENGTH = 254;

const CONTROL = /[\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}]/u;
const SHAPE = /^[^@"(),:;<>[\\\]]{1,64}@(?:[^@.]{1,63}\.)+[^@.]{2,63}$/u;

/**
 * The one spelling under which an address is stored and looked up: composed Unicode (NFKC) in lower case, without
 * outer space. Mail hosts do not tell `Ann@` and `ann@` apart, and two accounts must not differ by case alone.
 */
export function normalizeEmail(email: string): string {
  return email.normalize('NFKC').trim().toLowerCase();
}

/** Whether a normalized text can be an e-mail address: a quick test of its shape, without asking the mail host. */
export function isEmailAddress(email: string): boolean {
  return email.length <= MAX_EMAIL_LENGTH && SHAPE.test(email) && !CONTROL.test(email) && !email.includes('..');
}
