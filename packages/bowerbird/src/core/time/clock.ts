import { Injectable } from '@nestjs/common';

/** The source of the present moment. Inject it instead of calling `new Date()`, so that tests can move time. */
export abstract class Clock {
  /** The present moment. */
  abstract now(): Date;
}

/** The machine's own clock. */
@Injectable()
export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}
