/** Whose password it is: what a password must not be made of. */
export interface PasswordOwner {
  readonly email?: string;
  readonly firstName?: string;
  readonly lastName?: string;
}

/** One demand on new passwords. Give your own in `settings.auth.passwordRules`. */
export abstract class PasswordRule {
  /** What the rule asks, as a sentence for people. */
  abstract readonly help: string;

  /** Why the password fails, as a sentence for people, or undefined when it passes. */
  abstract check(password: string, owner?: PasswordOwner): string | undefined | Promise<string | undefined>;
}
