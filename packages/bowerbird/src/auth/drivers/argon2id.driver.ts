import { loadPeer, MissingPeerError } from '#core';

import { PasswordHasher } from '../passwords/password-hasher.js';

/** Cost of Argon2id (RFC 9106). */
export interface Argon2idOptions {
  /** KiB for each password that is being worked on; 19456 (19 MiB) unless said otherwise. */
  readonly memory?: number;
  /** Passes over that memory; 2. */
  readonly time?: number;
  /** Threads; 1. */
  readonly parallelism?: number;
}

type Argon2 = typeof import('@node-rs/argon2');

const PATTERN =
  /^\$argon2id\$v=19\$m=(\d{1,8}),t=(\d{1,4}),p=(\d{1,3})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;
/** Above this a stored text is refused rather than worked on: 1 GiB in KiB. */
const MAX_MEMORY = 2 ** 20;
const SALT_CHARACTERS = 22;
/** `Algorithm.Argon2id` of the package, whose enum exists in types alone. */
const ARGON2ID = 2;
/** The least work that OWASP's password storage cheat sheet accepts: 19 MiB twice. */
const RECOMMENDED_WORK = 19_456 * 2;

/** Argon2id by the package `@node-rs/argon2`, which is loaded with the first password. */
export class Argon2idHasher extends PasswordHasher {
  readonly algorithm = 'argon2id';
  readonly memory: number;
  readonly time: number;
  readonly parallelism: number;
  private library: Promise<Argon2> | undefined;

  constructor(options: Argon2idOptions = {}) {
    super();
    this.memory = options.memory ?? 19_456;
    this.time = options.time ?? 2;
    this.parallelism = options.parallelism ?? 1;
  }

  async hash(password: string): Promise<string> {
    const { hash } = await this.load();
    return hash(password, this.parameters());
  }

  async verify(password: string, encoded: string): Promise<boolean> {
    if (!decode(encoded)) return false;
    const { verify } = await this.load();
    return verify(encoded, password);
  }

  needsRehash(encoded: string): boolean {
    const known = decode(encoded);
    if (!known) return true;
    const same = known.memory === this.memory && known.time === this.time && known.parallelism === this.parallelism;
    return !same || known.saltCharacters < SALT_CHARACTERS;
  }

  async makeUpFor(password: string, encoded: string): Promise<void> {
    const known = decode(encoded);
    const spent = known ? known.memory * known.time : 0;
    const missing = this.memory * this.time - spent;
    if (missing < 8 * this.parallelism) return;
    const { hash } = await this.load();
    const time = Math.max(1, Math.round(missing / this.memory));
    const memoryCost = Math.max(8 * this.parallelism, Math.round(missing / time));
    await hash(password, { ...this.parameters(), memoryCost, timeCost: time });
  }

  override async problems(): Promise<readonly string[]> {
    const { memory, time, parallelism } = this;
    const whole = [memory, time, parallelism].every((part) => Number.isInteger(part) && part >= 1);
    if (!whole || memory > MAX_MEMORY || memory < 8 * parallelism)
      return [`argon2id cannot work with memory ${memory}, time ${time}, parallelism ${parallelism}`];
    return this.load().then(
      () => [],
      (error: unknown) => {
        if (error instanceof MissingPeerError) return [`${error.message}; ${error.hint}`];
        throw error;
      },
    );
  }

  override weaknesses(): readonly string[] {
    if (this.memory * this.time >= RECOMMENDED_WORK) return [];
    return [`argon2id with memory ${this.memory} KiB and time ${this.time} is weaker than 19456 KiB and 2`];
  }

  private parameters() {
    const { memory, time, parallelism } = this;
    return { algorithm: ARGON2ID, memoryCost: memory, timeCost: time, parallelism } as const;
  }

  private load(): Promise<Argon2> {
    this.library ??= loadPeer('@node-rs/argon2', 'The argon2id password hasher', () => import('@node-rs/argon2'));
    return this.library;
  }
}

function decode(encoded: string) {
  const match = PATTERN.exec(encoded);
  if (!match) return undefined;
  const [memory, time, parallelism] = match.slice(1, 4).map(Number) as [number, number, number];
  if (memory > MAX_MEMORY || time < 1 || parallelism < 1) return undefined;
  return { memory, time, parallelism, saltCharacters: match[4]!.length };
}
