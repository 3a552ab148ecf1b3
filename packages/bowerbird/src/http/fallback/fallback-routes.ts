import { Injectable } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { UnknownElementException } from '@nestjs/core/errors/exceptions/index.js';

import { ErrorResponder } from '../errors/error-responder.js';
import { type HttpRequest, type HttpResponse } from '../http-request.js';
import { MethodNotAllowedError, NotFoundError } from '../http.errors.js';
import { HttpConfig } from '../http.options.js';
import { Reply } from '../reply/reply.js';
import { sendReply } from '../reply/send-reply.js';
import { StaticFiles } from '../static/static-files.js';
import { PathMethods } from './path-methods.js';
import { WelcomePage } from './welcome-page.js';

type Handled = Parameters<FallbackRoutes['handle']>;

/** Answers the few paths that have an answer even where no route has one. */
@Injectable()
export class FallbackRoutes {
  constructor(
    private readonly config: HttpConfig,
    private readonly welcome: WelcomePage,
    private readonly files: StaticFiles,
    private readonly modules: ModuleRef,
    private readonly responder: ErrorResponder,
  ) {}

  /** Runs after all routes. */
  async handle(request: HttpRequest, response: HttpResponse, next: (error?: unknown) => void): Promise<void> {
    const reply = isReading(request.method) ? await this.reply(request) : undefined;
    if (reply) return sendReply(response, reply);
    const methods = await this.methodsOf(request, response);
    if (!methods) return;
    if (methods.length > 0) return this.refuseMethod(methods, request, response, next);
    // An adopting application's answer for unknown paths is not ours to use for our own.
    if (this.config.pipeline === 'own') return next(new NotFoundError(`Nothing was found at ${request.path}`));
    next();
  }

  /** The path is there with other methods (RFC 9110, sections 9.3.7 and 15.5.6). */
  private refuseMethod(methods: readonly string[], ...[request, response, next]: Handled): void {
    const { method } = request;
    if (method === 'OPTIONS') return sendReply(response, Reply.empty(204, { Allow: methods.join(', ') }));
    next(new MethodNotAllowedError(method, methods));
  }

  /** Undefined for a request that is refused: what knows the methods is an interface for programs. */
  private async methodsOf(request: HttpRequest, response: HttpResponse): Promise<readonly string[] | undefined> {
    try {
      return this.modules.get(PathMethods, { strict: false }).methodsOf(request);
    } catch (error) {
      // No area of the application knows any.
      if (error instanceof UnknownElementException) return [];
      await this.responder.respondProblem(error, request, response);
      return undefined;
    }
  }

  private async reply(request: HttpRequest): Promise<Reply | undefined> {
    if (request.path === '/favicon.ico') return (await this.files.reply(request, 'favicon.ico')) ?? NO_ICON;
    if (request.path !== '/') return undefined;
    if (this.welcome.destination) return Reply.redirect(this.welcome.destination, 302);
    return this.welcome.shown && !this.config.production ? this.welcome.reply() : undefined;
  }
}

/** Browsers ask for an icon on their own; an error for it would fill logs. */
const NO_ICON = Reply.empty(204, { 'Cache-Control': 'public, max-age=86400' });

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
