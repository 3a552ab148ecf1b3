/** Why a request was refused, and what a developer can do about it. */
export interface CsrfReasonText {
  readonly message: string;
  readonly hint: string;
}

const TRUST = 'If that site is yours, add its origin to settings.security.csrf.trustedOrigins';
const RELOAD = 'Load the page again; cookies must be accepted, and a login renews every token';
const EMBED = 'Put {{csrfField}} into the form, or send the value of csrfToken in the header X-CSRF-Token';

/** Every way to fail, in the order of the tests. */
export const CSRF_REASONS = {
  'cross-site': { message: 'the browser says that another site sent it (Sec-Fetch-Site)', hint: TRUST },
  'null-origin': {
    message: 'its Origin is "null" (sandboxed frame, redirect from another site, or Referrer-Policy: no-referrer)',
    hint: 'Send the form from a page with an origin; do not set Referrer-Policy to no-referrer',
  },
  'malformed-origin': { message: 'its Origin header is no origin', hint: TRUST },
  'bad-origin': { message: 'its Origin is another site, scheme or port', hint: TRUST },
  'no-referer': {
    message: 'it came over https with neither Origin nor Referer',
    hint: 'Browsers send one of them; do not set Referrer-Policy to no-referrer',
  },
  'malformed-referer': { message: 'its Referer header is no address', hint: TRUST },
  'insecure-referer': { message: 'it came over https from a page over http', hint: 'Serve that page over https' },
  'bad-referer': { message: 'its Referer is another site', hint: TRUST },
  'no-cookie': { message: 'it carries neither a session with a secret nor the CSRF cookie', hint: RELOAD },
  'bad-cookie': { message: 'its CSRF cookie was not made by this application', hint: RELOAD },
  'missing-token': { message: 'it carries no token', hint: EMBED },
  'malformed-token': { message: 'its token is not a token', hint: EMBED },
  'wrong-token': { message: 'its token belongs to another visitor or to the time before the login', hint: RELOAD },
} as const satisfies Readonly<Record<string, CsrfReasonText>>;

/** Why a request was refused. */
export type CsrfReason = keyof typeof CSRF_REASONS;
