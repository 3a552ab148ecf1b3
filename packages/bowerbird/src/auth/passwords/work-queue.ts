import { PasswordQueueFullError } from '../auth.errors.js';

/**
 * Lets a few costly pieces of work run at once and the others wait in line, so that a burst of logins needs no more
 * memory than a few. Beyond the longest line work is refused at once.
 */
export class WorkQueue {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(
    /** Pieces that run at once. */
    private readonly concurrency: number,
    /** Pieces that may wait. */
    private readonly limit: number,
  ) {}

  /** Runs the work when its turn comes. @throws PasswordQueueFullError when the line is full */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.turn();
    try {
      return await work();
    } finally {
      this.release();
    }
  }

  private turn(): Promise<void> | void {
    if (this.running < this.concurrency) {
      this.running += 1;
      return;
    }
    if (this.waiting.length >= this.limit) throw new PasswordQueueFullError();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Hands the place to the next in line, or frees it. */
  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.running -= 1;
  }
}
