import { randomBytes } from 'node:crypto';

import { type Secrets } from './project.js';

/** Secrets that nobody has seen before. */
export function createSecrets(): Secrets {
  return {
    secretKey: randomBytes(48).toString('base64url'),
    databasePassword: randomBytes(18).toString('hex'),
  };
}
