import { Injectable, Logger, Optional } from '@nestjs/common';

import { requireContext, runInside, showThrown, Signal, SignalHub, type PlainShape } from '#core';

import { type HttpRequest, type HttpResponse } from '../http-request.js';

/** A request begins. */
export interface RequestStartedEvent {
  readonly request: HttpRequest;
}

/** A request was answered, or its client has gone. */
export interface RequestFinishedEvent {
  readonly request: HttpRequest;
  readonly status: number;
  /** Milliseconds since it began. */
  readonly duration: number;
  /** Whether the whole answer was sent. */
  readonly complete: boolean;
}

/** A request ended in an error that is the application's own fault. */
export interface RequestFailedEvent {
  readonly request: HttpRequest;
  readonly error: unknown;
}

/** Before a request reaches any other middleware. Its error answers the request. */
export const requestStarted = new Signal<PlainShape<RequestStartedEvent>>('requestStarted');
/** After a request, whatever became of it. Errors of receivers are logged. */
export const requestFinished = new Signal<PlainShape<RequestFinishedEvent>>('requestFinished');
/** When an error is answered with a status of 500 or more. Errors of receivers are logged. */
export const requestFailed = new Signal<PlainShape<RequestFailedEvent>>('requestFailed');

/** Sends the signals of requests; without a receiver a request costs nothing. */
@Injectable()
export class RequestSignals {
  private readonly logger = new Logger('Signals');

  constructor(@Optional() private readonly hub?: SignalHub) {}

  /** Tells that a request begins and, when it is over, that it is; `next` goes on with it. */
  begin(request: HttpRequest, response: HttpResponse, next: () => void): void | Promise<void> {
    const { hub } = this;
    if (!hub) return next();
    if (hub.hears(requestFinished)) this.awaitEnd(hub, request, response);
    if (!hub.hears(requestStarted)) return next();
    return this.start(hub, request, next);
  }

  /** Tells of an error. */
  async failed(error: unknown, request: HttpRequest): Promise<void> {
    if (this.hub?.hears(requestFailed)) await this.attempt(this.hub.send(requestFailed, { request, error }));
  }

  private async start(hub: SignalHub, request: HttpRequest, next: () => void): Promise<void> {
    await hub.send(requestStarted, { request });
    next();
  }

  private awaitEnd(hub: SignalHub, request: HttpRequest, response: HttpResponse): void {
    const start = performance.now();
    const context = requireContext();
    let complete = false;
    response.on('finish', () => (complete = true));
    response.on('close', () => {
      const event = { request, status: response.statusCode, complete, duration: performance.now() - start };
      void runInside(context, () => this.attempt(hub.send(requestFinished, event)));
    });
  }

  private async attempt(sending: Promise<void>): Promise<void> {
    try {
      await sending;
    } catch (error) {
      this.logger.error(`A receiver of a signal failed\n${showThrown(error)}`);
    }
  }
}
