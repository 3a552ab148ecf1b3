import { Clock, durationMs, type Duration } from '#core';

/** A clock that stands still until a test moves it. */
export class FakeClock extends Clock {
  private moment: number;

  /** Starts at the given moment; at noon of 2026-01-01 UTC by default. */
  constructor(start: Date | string = '2026-01-01T12:00:00Z') {
    super();
    this.moment = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.moment);
  }

  /** Moves time forward. */
  advance(by: Duration): void {
    this.moment += durationMs(by);
  }

  /** Moves time to a moment. */
  set(moment: Date | string): void {
    this.moment = new Date(moment).getTime();
  }
}
