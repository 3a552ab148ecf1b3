import { EncryptedFieldError } from '../../orm.errors.js';
import { type ResolvedPath } from './resolve-path.js';

/** Refuses what only the plain text of an encrypted field could answer. @throws EncryptedFieldError */
export function refuseEncrypted({ path, columns }: ResolvedPath, what: string): void {
  if (columns.some(({ field }) => field?.encrypted)) throw new EncryptedFieldError(path, what);
}
