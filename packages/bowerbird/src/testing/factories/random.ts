import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. */
export class Random {
  private draws = 0;

  constructor(private readonly seed: string) {}

  /** From 0 to 1, without 1. */
  next(): number {
    this.draws += 1;
    return createHash('sha256').update(`${this.seed}:${this.draws}`).digest().readUInt32BE() / 2 ** 32;
  }

  /** A whole number from the first to the last, both included. */
  integer(first: number, last: number): number {
    return first + Math.floor(this.next() * (last - first + 1));
  }

  /** One of some values. */
  pick<T>(values: readonly [T, ...T[]]): T;
  pick<T>(values: readonly T[]): T | undefined;
  pick<T>(values: readonly T[]): T | undefined {
    return values[this.integer(0, values.length - 1)];
  }

  /** A UUID of version 4. */
  uuid(): string {
    this.draws += 1;
    const hex = createHash('sha256').update(`${this.seed}:${this.draws}`).digest('hex');
    const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4]!;
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}
