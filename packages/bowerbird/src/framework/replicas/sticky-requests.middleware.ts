import { appendCookie, Clock, currentContext, formatCookie, readCookie, runInside, SecretKeys, Signer } from '#core';
import {
  beforeHeaders,
  HttpMiddleware,
  HttpMiddlewareProvider,
  Slot,
  type HttpHandler,
  type HttpRequest,
  type HttpResponse,
} from '#http';
import { Databases, OrmConfig, type Database } from '#orm';

import { readWrites, showWrites, type RecentWrites } from './recent-writes.js';

const SALT = 'orm.sticky-requests';

/** A database with replicas, and for how long reads stick to its primary, in milliseconds. */
interface Replicated {
  readonly database: Database;
  readonly duration: number;
}

/**
 * Lets the next requests of a client see what it has written: a signed cookie says to which databases it wrote, and when,
 * until their replicas may be trusted again. Off where no database has replicas.
 */
@HttpMiddleware({ slot: Slot.Hosts + 10, requires: [Slot.Context, Slot.Proxy] })
export class StickyRequestsMiddleware extends HttpMiddlewareProvider {
  private readonly signer: Signer;

  constructor(
    private readonly config: OrmConfig,
    private readonly databases: Databases,
    private readonly clock: Clock,
    keys: SecretKeys,
  ) {
    super();
    this.signer = new Signer(keys, clock);
  }

  createHandler(): HttpHandler | null {
    const { stickyCookie: name, databases } = this.config;
    const replicated = databases
      .filter(({ replicas, stickyReads }) => replicas.length > 0 && stickyReads > 0)
      .map(({ alias, stickyReads }) => ({ database: this.databases.get(alias), duration: stickyReads }));
    if (name === null || replicated.length === 0) return null;
    return (request, response, next) => {
      const known = this.recall(name, request, replicated);
      const context = currentContext()!;
      beforeHeaders(response, () =>
        runInside(context, () => this.tell(name, { request, response, replicated, known })),
      );
      next();
    };
  }

  /** Makes the request read from the primaries that the cookie names. A cookie of somebody else's making is ignored. */
  private recall(name: string, { headers }: HttpRequest, replicated: readonly Replicated[]): RecentWrites {
    const token = readCookie(headers.cookie, name);
    const known = token === undefined ? new Map<string, number>() : readWrites(this.signer, SALT, token);
    const now = this.clock.now().getTime();
    for (const { database, duration } of replicated) {
      const at = known.get(database.alias);
      if (at !== undefined && at <= now && now - at < duration) database.stickToPrimary(new Date(at));
    }
    return known;
  }

  /** Sends the cookie anew where the request has written. */
  private tell(
    name: string,
    { request, response, replicated, known }: Exchange & { readonly replicated: readonly Replicated[] },
  ): void {
    const writes = new Map<string, number>();
    let isNews = false;
    let maxAge = 0;
    const now = this.clock.now().getTime();
    for (const { database, duration } of replicated) {
      const at = database.lastWrite?.getTime();
      if (at === undefined || now - at >= duration) continue;
      writes.set(database.alias, at);
      isNews ||= at !== known.get(database.alias);
      maxAge = Math.max(maxAge, at + duration - now);
    }
    if (!isNews) return;
    const attributes = {
      maxAge: upToSeconds(maxAge),
      httpOnly: true,
      secure: request.secure,
      sameSite: 'lax',
    } as const;
    appendCookie(response, formatCookie(name, showWrites(this.signer, SALT, writes), attributes));
  }
}

interface Exchange {
  readonly request: HttpRequest;
  readonly response: HttpResponse;
  readonly known: RecentWrites;
}

/** Cookies count whole seconds. */
function upToSeconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000) * 1000;
}
