import { AsyncLocalStorage } from 'node:async_hooks';

import { type ContextKey } from './context-key.js';
import { NoContextError } from './context.errors.js';

/**
 * What belongs to one request, job, command or test. It travels with the asynchronous flow, so nothing passes it by
 * hand. A child sees the values of its parent and hides those that it sets itself.
 */
export class Context {
  private readonly values = new Map<ContextKey<unknown>, unknown>();

  constructor(private readonly parent?: Context) {}

  get<T>(key: ContextKey<T>): T | undefined {
    if (this.values.has(key)) return this.values.get(key) as T;
    return this.parent?.get(key);
  }

  /** The nearest context, from this one upwards, that has a value of its own under a key. */
  owner(key: ContextKey<unknown>): Context | undefined {
    return this.values.has(key) ? this : this.parent?.owner(key);
  }

  /** Sets a value for this context and its children. */
  set<T>(key: ContextKey<T>, value: T): void {
    this.values.set(key, value);
  }
}

/** The one ambient store of the process; it holds no state of its own, only the current flow's context. */
const flow = new AsyncLocalStorage<Context>();

/** Runs work in a new context whose parent is the current one, if there is one. */
export function runInContext<R>(work: (context: Context) => R): R {
  const context = new Context(flow.getStore());
  return flow.run(context, () => work(context));
}

/** Runs work in a child context in which `key` has the value. */
export function runWith<T, R>(key: ContextKey<T>, value: T, work: () => R): R {
  return runInContext((context) => {
    context.set(key, value);
    return work();
  });
}

/** Runs work in exactly this context. */
export function runInside<R>(context: Context, work: () => R): R {
  return flow.run(context, work);
}

/** The current context, or undefined outside of any request, job, command or test scope. */
export function currentContext(): Context | undefined {
  return flow.getStore();
}

/** The current context. @throws NoContextError outside of any scope. */
export function requireContext(): Context {
  const context = flow.getStore();
  if (!context) throw new NoContextError();
  return context;
}

/** A value of the current context, or undefined when it is not set or there is no context. */
export function contextValue<T>(key: ContextKey<T>): T | undefined {
  return flow.getStore()?.get(key);
}
