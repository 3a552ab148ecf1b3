/** One wait at a time, that somebody else can cut short. Once ended, nobody waits any more. */
export class Pause {
  private over = false;
  private awake = false;
  private waiter: (() => void) | undefined;

  /** @param milliseconds until somebody wakes it unless given */
  async wait(milliseconds?: number): Promise<void> {
    if (this.over || this.takeWake()) return;
    await new Promise<void>((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(() => this.wake(), milliseconds);
      this.waiter = () => {
        clearTimeout(timer);
        this.waiter = undefined;
        resolve();
      };
    });
  }

  /** Where nobody waits, the next wait is short. */
  wake(): void {
    if (this.waiter) this.waiter();
    else this.awake = true;
  }

  end(): void {
    this.over = true;
    this.wake();
  }

  private takeWake(): boolean {
    const { awake } = this;
    this.awake = false;
    return awake;
  }
}
