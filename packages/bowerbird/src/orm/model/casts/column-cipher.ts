import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

import { DecryptionError, EncryptionKeyError } from '../../orm.errors.js';

const ALGORITHM = 'aes-256-gcm';
/** What stored values begin with: the format and its version. */
const FORMAT = 'enc1';
/** Bytes of the nonce (NIST SP 800-38D) and of the authentication tag. */
const NONCE = 12;
const TAG = 16;

/** A key as it is used, and the id by which stored values name it. */
interface DerivedKey {
  readonly id: string;
  readonly key: Buffer;
}

/**
 * Encrypts the texts of columns. A stored value is `enc1:<id of the key>:<nonce, tag and text in base64url>`; it is
 * authenticated together with its context, so that one that was changed or moved is refused. The first key encrypts, the
 * others still decrypt.
 */
export class ColumnCipher {
  private readonly keys: readonly DerivedKey[];

  constructor(secrets: readonly string[]) {
    this.keys = secrets.filter((secret) => secret !== '').map(derive);
  }

  /** @throws EncryptionKeyError when there is no key */
  encrypt(text: string, context: string): string {
    const { id, key } = this.current(context);
    const nonce = randomBytes(NONCE);
    const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG }).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return [FORMAT, id, Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64url')].join(':');
  }

  /** @throws DecryptionError for a value of an unknown key, one that was changed, or one of another place */
  decrypt(stored: string, context: string): string {
    const [format, id, data, ...more] = stored.split(':');
    if (format !== FORMAT || !id || !data || more.length > 0) throw new DecryptionError(context, 'it is not encrypted');
    const found = this.keys.find((key) => key.id === id);
    if (!found) throw new DecryptionError(context, `there is no key with the id ${id}`);
    const bytes = Buffer.from(data, 'base64url');
    const decipher = createDecipheriv(ALGORITHM, found.key, bytes.subarray(0, NONCE), { authTagLength: TAG });
    try {
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]).toString('utf8');
    } catch (cause) {
      throw new DecryptionError(context, 'it was changed, or belongs elsewhere', cause);
    }
  }

  /** What stored values of the first key begin with. @throws EncryptionKeyError when there is no key */
  currentPrefix(context: string): string {
    return `${FORMAT}:${this.current(context).id}:`;
  }

  private current(context: string): DerivedKey {
    const [first] = this.keys;
    if (!first) throw new EncryptionKeyError(context);
    return first;
  }
}

function derive(secret: string): DerivedKey {
  const bytes = (info: string, length: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, 'bowerbird.encrypted', info, length));
  return { id: bytes('id', 4).toString('hex'), key: bytes('key', 32) };
}
