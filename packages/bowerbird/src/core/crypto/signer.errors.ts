import { FrameworkError } from '../errors/framework.error.js';

/** A token that was not signed by this application for this purpose. */
export class BadSignatureError extends FrameworkError {
  readonly code = 'core.bad_signature';
  override readonly status = 400;

  constructor() {
    super('The signature does not match: the value was changed, or signed for another purpose or with another key');
  }
}

/** A token that was signed rightly but too long ago. */
export class SignatureExpiredError extends FrameworkError {
  readonly code = 'core.signature_expired';
  override readonly status = 400;

  constructor(ageMs: number) {
    super(`The signature is ${Math.round(ageMs / 1000)} s old and has expired`);
  }
}
