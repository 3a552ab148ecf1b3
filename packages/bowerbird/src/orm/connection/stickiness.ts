import { APPLICATION, ContextKey, contextValue, currentContext, runWith, type Clock, type Context } from '#core';

import { type Send } from './statement-watch.js';

/** Statements that change nothing; what is not listed counts as a write, because a mistake may cost only speed. */
const HARMLESS = /^\s*(select|show|explain|describe|values|table|begin|start|rollback|savepoint|release|set)\b/i;
const COMMIT = /^\s*commit\b/i;

/**
 * Which reads must see what was written a moment ago: those of the same request, job or command for some time after its
 * last write. Replicas are behind by an unknown time, so reads outside of any such scope never go there.
 */
export class Stickiness {
  private readonly key: ContextKey<Date>;
  private readonly pinned: ContextKey<true>;

  constructor(
    alias: string,
    /** How long reads stick after a write, in milliseconds. */
    private readonly duration: number,
    private readonly clock: Clock,
  ) {
    this.key = new ContextKey(`last write on ${alias}`);
    this.pinned = new ContextKey(`primary of ${alias}`);
  }

  /** The last write of the current request, job or command. */
  get lastWrite(): Date | undefined {
    return currentContext()?.get(this.key);
  }

  /** Whether reads of the current flow belong to the primary. */
  get sticks(): boolean {
    if (!scope() || contextValue(this.pinned)) return true;
    const { lastWrite } = this;
    return lastWrite !== undefined && this.clock.now().getTime() - lastWrite.getTime() < this.duration;
  }

  /** From now on reads of the current request, job or command stick to the primary for the usual time. */
  stick(): void {
    scope()?.set(this.key, this.clock.now());
  }

  /** Runs work whose reads belong to the primary. */
  pin<R>(work: () => R): R {
    return runWith(this.pinned, true, work);
  }

  /** A way of sending that notices writes, and their commit, which is when others may see them. */
  noting(send: Send): Send {
    return ((sql: string, parameters?: unknown[], structured?: boolean) => {
      if (COMMIT.test(sql) ? this.lastWrite : !HARMLESS.test(sql)) this.stick();
      return send(sql, parameters, structured as true);
    }) as Send;
  }
}

/** The context of the whole request, job or command: the one in which the application was set. */
function scope(): Context | undefined {
  return currentContext()?.owner(APPLICATION);
}
