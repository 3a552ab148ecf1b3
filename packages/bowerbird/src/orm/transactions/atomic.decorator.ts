import {
  applyDecorators,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { defer, lastValueFrom, type Observable } from 'rxjs';

import { atomic, type UsingOptions } from './ambient.js';
import { type AtomicOptions } from './transactions.js';

/** How {@link Atomic} runs. A handler reads its request once, so it is not repeated. */
export type AtomicHandlerOptions = Omit<AtomicOptions, 'retries' | 'savepoint'> & UsingOptions;

/**
 * Runs a handler of a controller, or each of them, in a transaction: it is kept when the handler has answered, before the
 * answer is sent, and undone when it throws. `onCommit()` inside waits for its end. Pipes and later interceptors take
 * part, guards do not.
 * See https://docs.djangoproject.com/en/stable/topics/db/transactions/#tying-transactions-to-http-requests
 *
 * @example
 * @Post()
 * @Atomic()
 * async order(@Body() order: OrderInput): Promise<Order> { … }
 */
export function Atomic(options: AtomicHandlerOptions = {}): ClassDecorator & MethodDecorator {
  return applyDecorators(UseInterceptors(new AtomicInterceptor(options)));
}

/** What {@link Atomic} puts around a handler. */
class AtomicInterceptor implements NestInterceptor {
  constructor(private readonly options: AtomicHandlerOptions) {}

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    // The last value, and undefined of a handler that gives none.
    return defer(() => atomic(() => lastValueFrom(next.handle(), { defaultValue: undefined }), this.options));
  }
}
