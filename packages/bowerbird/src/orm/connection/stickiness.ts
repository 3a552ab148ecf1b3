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
  private readonly ignored: ContextKey<true>;

  constructor(
    alias: string,
    /** How long reads stick after a write, in milliseconds. */
    private readonly duration: number,
    private readonly clock: Clock,
  ) {
    this.key = new ContextKey(`last write on ${alias}`);
    this.pinned = new ContextKey(`primary of ${alias}`);
    this.ignored = new ContextKey(`ignored writes on ${alias}`);
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

  /** Reads of the current request, job or command stick to the primary for the usual time after a write. */
  stick(at = this.clock.now()): void {
    scope()?.set(this.key, at);
  }

  /** Runs work whose writes no later read has to see. */
  ignoring<R>(work: () => R): R {
    return runWith(this.ignored, true, work);
  }

  /** Runs work whose reads belong to the primary. */
  pin<R>(work: () => R): R {
    return runWith(this.pinned, true, work);
  }

  /** A way of sending that notices writes, and their commit, which is when others may see them. */
  noting(send: Send): Send {
    return ((sql: string, parameters?: unknown[], structured?: boolean) => {
      const counts = COMMIT.test(sql) ? this.lastWrite : !HARMLESS.test(sql);
      if (counts && !contextValue(this.ignored)) this.stick();
      return send(sql, parameters, structured as true);
    }) as Send;
  }
}

/** The context of the whole request, job or command: the one in which the application was set. */
function scope(): Context | undefined {
  return currentContext()?.owner(APPLICATION);
}
