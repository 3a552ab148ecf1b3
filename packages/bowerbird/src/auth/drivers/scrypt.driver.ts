import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

import { PasswordHasher } from '../passwords/password-hasher.js';

/** Cost of scrypt (RFC 7914). Memory is 128 · 2^ln · r bytes for each password that is being worked on. */
export interface ScryptOptions {
  /** Base-2 logarithm of the cost; 15 (32 MiB with r 8) unless said otherwise. */
  readonly ln?: number;
  /** Block size; 8. */
  readonly r?: number;
  /** Passes, one after another; 3. */
  readonly p?: number;
}

interface Cost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

interface Encoded extends Cost {
  readonly salt: Buffer;
  readonly key: Buffer;
}

const SALT_BYTES = 16;
const KEY_BYTES = 32;
const PATTERN = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Above this a stored text is refused rather than worked on: 1 GiB. */
const MAX_MEMORY = 2 ** 30;
/** OWASP's password storage cheat sheet asks for N 2^15, r 8, p 3 or the same work spread otherwise. */
const RECOMMENDED_WORK = 2 ** 15 * 8 * 3;

/** scrypt by Node's own OpenSSL, off the main thread. */
export class ScryptHasher extends PasswordHasher {
  readonly algorithm = 'scrypt';
  readonly cost: Cost;

  constructor(options: ScryptOptions = {}) {
    super();
    this.cost = { ln: options.ln ?? 15, r: options.r ?? 8, p: options.p ?? 3 };
  }

  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    const key = await derive(password, salt, this.cost, KEY_BYTES);
    const { ln, r, p } = this.cost;
    return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(key)}`;
  }

  async verify(password: string, encoded: string): Promise<boolean> {
    const known = decode(encoded);
    if (!known) return false;
    const key = await derive(password, known.salt, known, known.key.length);
    return timingSafeEqual(key, known.key);
  }

  needsRehash(encoded: string): boolean {
    const known = decode(encoded);
    if (!known) return true;
    const { ln, r, p } = this.cost;
    return known.ln !== ln || known.r !== r || known.p !== p || known.salt.length < SALT_BYTES;
  }

  async makeUpFor(password: string, encoded: string): Promise<void> {
    const known = decode(encoded);
    const rest = difference(this.cost, known);
    if (rest) await derive(password, randomBytes(SALT_BYTES), rest, KEY_BYTES);
  }

  override async problems(): Promise<readonly string[]> {
    const { ln, r, p } = this.cost;
    const whole = [ln, r, p].every((part) => Number.isInteger(part) && part >= 1);
    if (!whole || ln > 24 || memory(this.cost) > MAX_MEMORY)
      return [`scrypt cannot work with ln ${ln}, r ${r}, p ${p}: whole numbers from 1, and at most 1 GiB of memory`];
    return [];
  }

  override weaknesses(): readonly string[] {
    const { ln, r, p } = this.cost;
    if (2 ** ln * r * p >= RECOMMENDED_WORK) return [];
    return [`scrypt with ln ${ln}, r ${r}, p ${p} is weaker than ln 15, r 8, p 3`];
  }
}

function decode(encoded: string): Encoded | undefined {
  const match = PATTERN.exec(encoded);
  if (!match) return undefined;
  const [ln, r, p] = match.slice(1, 4).map(Number) as [number, number, number];
  const cost = { ln, r, p };
  if (ln < 1 || r < 1 || p < 1 || ln > 24 || memory(cost) > MAX_MEMORY) return undefined;
  return { ...cost, salt: Buffer.from(match[4]!, 'base64'), key: Buffer.from(match[5]!, 'base64') };
}

/** A cost that takes as long as `wanted` takes longer than `spent`, or undefined when that is next to nothing. */
function difference(wanted: Cost, spent: Cost | undefined): Cost | undefined {
  const work = ({ ln, r, p }: Cost) => 2 ** ln * r * p;
  const missing = work(wanted) - (spent ? work(spent) : 0);
  if (missing < 2 * wanted.r) return undefined;
  const ln = Math.min(wanted.ln, Math.floor(Math.log2(missing / wanted.r)));
  return { ln, r: wanted.r, p: Math.max(1, Math.round(missing / (2 ** ln * wanted.r))) };
}

function derive(password: string, salt: Buffer, { ln, r, p }: Cost, length: number): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: 2 * memory({ ln, r, p }) };
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/** Bytes that OpenSSL needs at most. */
function memory({ ln, r, p }: Cost): number {
  return 128 * r * (2 ** ln + p + 2);
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
