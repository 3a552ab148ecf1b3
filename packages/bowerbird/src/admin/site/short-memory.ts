import { type Clock } from '#core';

/** Keeps answers for a short time, at most a number of them; the oldest make room. */
export class ShortMemory<T> {
  private readonly known = new Map<string, { readonly value: T; readonly until: number }>();

  /** @param age how long an answer is kept, in milliseconds */
  constructor(
    private readonly clock: Clock,
    private readonly age: number,
    private readonly limit: number,
  ) {}

  get(key: string): T | undefined {
    const entry = this.known.get(key);
    if (!entry) return undefined;
    if (entry.until > this.clock.now().getTime()) return entry.value;
    this.known.delete(key);
    return undefined;
  }

  set(key: string, value: T): void {
    if (this.known.size >= this.limit) this.known.delete(this.known.keys().next().value!);
    this.known.set(key, { value, until: this.clock.now().getTime() + this.age });
  }
}
