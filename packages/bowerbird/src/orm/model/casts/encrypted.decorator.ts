import { type ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';

import { NoteKey } from '#core';

import { ownerOf } from './stored-as.decorator.js';

/** How a column is encrypted. */
export interface EncryptedOptions {
  /**
   * What the value belongs to; a value that was moved to another place does not decrypt there. `table.column` unless
   * said otherwise: name the old one here when the table or the column is renamed.
   */
  readonly context?: string;
}

const ENCRYPTED_NOTE = new NoteKey<EncryptedOptions>('encrypted column');

/**
 * Stores the text of a property encrypted and authenticated (AES-256-GCM): `@Encrypted() @Column('text') ssn: string`.
 * Code sees the text; the database, its logs and its backups do not. It counts as sensitive, so the audit log and the
 * admin never show it, and nothing but `isnull` can be asked of it.
 */
export function Encrypted(options: EncryptedOptions = {}): PropertyDecorator {
  return (target, property) => ENCRYPTED_NOTE.write(target, options, property);
}

/** How a column is encrypted, or undefined when it is not. */
export function encryptionOf(column: ColumnMetadata): EncryptedOptions | undefined {
  const owner = ownerOf(column);
  return typeof owner === 'function' ? ENCRYPTED_NOTE.read(owner.prototype as object, column.propertyName) : undefined;
}
