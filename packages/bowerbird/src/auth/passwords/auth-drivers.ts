import { Argon2idHasher, type Argon2idOptions } from '../drivers/argon2id.driver.js';
import { ScryptHasher, type ScryptOptions } from '../drivers/scrypt.driver.js';
import { type PasswordHasher } from './password-hasher.js';

/** The hashers that come with the framework, for `settings.auth.hashers`. */
export const authDrivers = {
  /** Node's own scrypt; the default, needs no package. */
  scrypt: (options?: ScryptOptions): PasswordHasher => new ScryptHasher(options),
  /** Argon2id; needs the package `@node-rs/argon2`. */
  argon2id: (options?: Argon2idOptions): PasswordHasher => new Argon2idHasher(options),
} as const;
