import { authDrivers, PasswordHasher } from '#auth';

/**
 * Hashes passwords with the least of scrypt: tests log in all the time, and guard nobody's account. See
 * https://docs.djangoproject.com/en/stable/topics/testing/overview/#password-hashing
 */
export class QuickHasher extends PasswordHasher {
  private readonly scrypt = authDrivers.scrypt({ ln: 4, r: 8, p: 1 });
  readonly algorithm = this.scrypt.algorithm;

  hash(password: string): Promise<string> {
    return this.scrypt.hash(password);
  }

  verify(password: string, encoded: string): Promise<boolean> {
    return this.scrypt.verify(password, encoded);
  }

  needsRehash(encoded: string): boolean {
    return this.scrypt.needsRehash(encoded);
  }

  makeUpFor(password: string, encoded: string): Promise<void> {
    return this.scrypt.makeUpFor(password, encoded);
  }
}
