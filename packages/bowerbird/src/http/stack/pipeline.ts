import { Injectable, type OnApplicationBootstrap, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService, HttpAdapterHost, ModuleRef, type AbstractHttpAdapter } from '@nestjs/core';

import { type Class } from '#core';

import { ExpectContinue } from '../body/expect-continue.js';
import { ErrorResponder } from '../errors/error-responder.js';
import { FallbackRoutes } from '../fallback/fallback-routes.js';
import { type HttpHandler, type HttpRequest, type HttpResponse } from '../http-request.js';
import { NotFoundError } from '../http.errors.js';
import { HttpConfig } from '../http.options.js';
import { pagePrefix } from '../reply/page-controller.decorator.js';
import { teachReplies } from '../reply/send-reply.js';
import { shapeMessages } from './express-messages.js';
import { excludeFromGlobalPrefix } from './global-prefix.js';
import { MiddlewareStack } from './middleware-stack.js';
import { quickenRoutes } from './quick-routes.js';

type Next = (error?: unknown) => void;

/**
 * Mounts the request pipeline on Nest's adapter, once and ahead of everything else.
 *
 * Nest hands out the adapter before it makes any provider, and registers its own body parser, the modules' middleware
 * and the routes only in `app.init()`; so what a constructor mounts comes first. Routes are registered before the
 * `onModuleInit` hooks and the handler for unknown paths after them; so what the hook mounts comes between the two.
 */
@Injectable()
export class Pipeline implements OnModuleInit, OnApplicationBootstrap {
  private run: HttpHandler = (_request, _response, next) => next();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: HttpConfig,
    private readonly stack: MiddlewareStack,
    private readonly fallbacks: FallbackRoutes,
    private readonly responder: ErrorResponder,
    private readonly expect: ExpectContinue,
    private readonly discovery: DiscoveryService,
    private readonly modules: ModuleRef,
  ) {
    host.init$.subscribe(() => this.mount(host.httpAdapter as AbstractHttpAdapter | null));
  }

  /** Called before the routes are registered. */
  configure(): void {
    for (const { metatype } of this.discovery.getControllers()) {
      const prefix = metatype ? pagePrefix(metatype as Class) : undefined;
      if (prefix !== undefined) this.config.claim(prefix);
    }
    excludeFromGlobalPrefix(this.modules, this.config.ownPrefixes);
  }

  onModuleInit(): void {
    const adapter = this.host.httpAdapter as AbstractHttpAdapter | undefined;
    if (!adapter) return;
    shapeMessages(adapter);
    this.expect.listen(adapter.getHttpServer());
    quickenRoutes(adapter, (path) => this.config.owns(path));
    adapter.use((request: HttpRequest, response: HttpResponse, next: Next) =>
      this.config.serves(request.path) ? this.fallbacks.handle(request, response, next) : next(),
    );
    if (this.config.pipeline === 'own') this.answerOwnErrors(adapter);
  }

  onApplicationBootstrap(): void {
    const adapter = this.host.httpAdapter as AbstractHttpAdapter | undefined;
    if (!adapter) return;
    this.run = this.stack.build();
    if (this.config.pipeline === 'all') this.answerLeftovers(adapter);
  }

  private mount(adapter: AbstractHttpAdapter | null): void {
    if (!adapter) return;
    teachReplies(adapter);
    if (this.config.pipeline === 'all') this.mountForAll(adapter);
    else
      adapter.use((request: HttpRequest, response: HttpResponse, next: Next) =>
        this.config.owns(request.path) ? this.run(request, response, next) : next(),
      );
  }

  private mountForAll(adapter: AbstractHttpAdapter): void {
    (adapter as { disable?: (setting: string) => void }).disable?.('x-powered-by');
    adapter.use((request: HttpRequest, response: HttpResponse, next: Next) => this.run(request, response, next));
  }

  /** Under an adopting application, errors of our paths outside of our controllers are still ours. */
  private answerOwnErrors(adapter: AbstractHttpAdapter): void {
    adapter.use((error: unknown, request: HttpRequest, response: HttpResponse, next: Next) => {
      if (this.config.owns(request.path)) void this.responder.respond(error, request, response);
      else next(error);
    });
  }

  /** With a global prefix Nest answers unknown paths below it only, and Express the others. */
  private answerLeftovers(adapter: AbstractHttpAdapter): void {
    adapter.use((request: HttpRequest, response: HttpResponse) =>
      this.responder.respond(new NotFoundError(`Nothing was found at ${request.path}`), request, response),
    );
  }
}
