import { TransactionWaitError } from '../orm.errors.js';

interface Waiter {
  readonly who: object;
  readonly admit: () => void;
}

/**
 * Lets one holder in at a time, in the order of arrival. The holder may enter again without waiting; it leaves once.
 * Waiting ends with an error after the limit, so that a mistake shows instead of hanging the process.
 */
export class Gate {
  private holder: object | undefined;
  private readonly queue: Waiter[] = [];

  constructor(
    /** What holds it, for the message: `another transaction`. */
    private readonly what: string,
    /** Longest wait in milliseconds. */
    private readonly limit: number,
  ) {}

  heldBy(who: object): boolean {
    return this.holder === who;
  }

  get free(): boolean {
    return this.holder === undefined && this.queue.length === 0;
  }

  /** Enters, at once where nobody is inside. @throws TransactionWaitError after the limit */
  async enter(who: object): Promise<void> {
    if (!this.entersAtOnce(who)) await this.wait(who);
  }

  /** Lets the next one in. Without effect for anybody but the holder. */
  leave(who: object): void {
    if (this.holder !== who) return;
    const next = this.queue.shift();
    this.holder = next?.who;
    next?.admit();
  }

  /** Runs work inside. The holder's own work runs at once. */
  async through<R>(who: object, work: () => Promise<R>): Promise<R> {
    if (this.holder === who) return work();
    if (!this.entersAtOnce(who)) await this.wait(who);
    try {
      return await work();
    } finally {
      this.leave(who);
    }
  }

  private entersAtOnce(who: object): boolean {
    if (this.free) this.holder = who;
    return this.holder === who;
  }

  private async wait(who: object): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        who,
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.queue.splice(this.queue.indexOf(waiter), 1);
        reject(new TransactionWaitError(this.what, this.limit));
      }, this.limit);
      this.queue.push(waiter);
    });
  }
}
