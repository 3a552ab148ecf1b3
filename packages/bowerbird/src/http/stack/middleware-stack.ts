import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions, type Contribution } from '#core';

import { type HttpHandler } from '../http-request.js';
import { slotName } from '../slots.js';
import {
  HttpMiddleware,
  type HttpMiddlewareOptions,
  type HttpMiddlewareProvider,
} from './http-middleware.decorator.js';

/** One step of the pipeline, as `manage routes --middleware` prints it. */
export interface StackEntry {
  readonly slot: number;
  /** Name of the slot's row in the table, where it has one. */
  readonly slotName?: string;
  /** Class of the middleware. */
  readonly name: string;
  readonly requires: readonly number[];
  /** False when the middleware has switched itself off; undefined before the pipeline is built. */
  readonly active?: boolean;
}

type Found = Contribution<HttpMiddlewareProvider, HttpMiddlewareOptions>;

/** Collects the middleware of all modules and puts it in the order of the slots. */
@Injectable()
export class MiddlewareStack {
  private handlers: ReadonlyMap<HttpMiddlewareProvider, HttpHandler | null> | undefined;

  constructor(private readonly discovery: DiscoveryService) {}

  /** The steps in the order in which a request passes them. */
  entries(): readonly StackEntry[] {
    return this.found().map(({ instance, meta, name }) => {
      const handler = this.handlers?.get(instance);
      return {
        slot: meta.slot,
        ...(slotName(meta.slot) && { slotName: slotName(meta.slot)! }),
        name,
        requires: meta.requires ?? [],
        ...(handler !== undefined && { active: handler !== null }),
      };
    });
  }

  /** Builds the pipeline: asks every middleware for its handler, once, and drops those that are switched off. */
  build(): HttpHandler {
    const handlers = new Map(this.found().map(({ instance }) => [instance, instance.createHandler()] as const));
    this.handlers = handlers;
    return compose([...handlers.values()].filter((handler) => handler !== null));
  }

  private found(): readonly Found[] {
    const found = findContributions<HttpMiddlewareProvider, HttpMiddlewareOptions>(this.discovery, HttpMiddleware);
    return [...found].sort((left, right) => left.meta.slot - right.meta.slot);
  }
}

/** One handler that runs the others in order; a request costs one closure, however many there are. */
export function compose(handlers: readonly HttpHandler[]): HttpHandler {
  return (request, response, leave) => {
    let index = 0;
    const next = (problem?: unknown): void => {
      if (problem !== undefined && problem !== null) return leave(problem);
      const handler = handlers[index];
      index += 1;
      if (handler === undefined) return leave();
      try {
        const pending = handler(request, response, next);
        if (pending) pending.catch(leave);
      } catch (thrown) {
        leave(thrown);
      }
    };
    next();
  };
}
