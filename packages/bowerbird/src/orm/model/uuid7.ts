import { randomBytes } from 'node:crypto';

/** Largest value of the 12 bits beside the time. */
const LAST = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562): they begin with the time in milliseconds, so that keys sort as they were made and
 * an index grows at its end. Those of one source always ascend, also within a millisecond and when the clock goes back.
 */
export class Uuid7Source {
  private time = 0;
  private count = 0;

  constructor(private readonly now: () => number = Date.now) {}

  /** The next one, in lower case. */
  next(): string {
    const now = this.now();
    if (now > this.time) this.start(now);
    else if (this.count < LAST) this.count += 1;
    else this.start(this.time + 1);
    return format(this.time, this.count, randomBytes(8));
  }

  /** Half of the counter is left, so that a burst of keys stays within its millisecond. */
  private start(time: number): void {
    this.time = time;
    this.count = randomBytes(2).readUInt16BE() % ((LAST + 1) / 2);
  }
}

function format(time: number, count: number, random: Buffer): string {
  random[0] = (random[0]! & 0x3f) | 0x80;
  const stamp = time.toString(16).padStart(12, '0');
  const tail = random.toString('hex');
  const version = (0x7000 | count).toString(16);
  return [stamp.slice(0, 8), stamp.slice(8), version, tail.slice(0, 4), tail.slice(4)].join('-');
}
