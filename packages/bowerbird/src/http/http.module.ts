import { Module, type DynamicModule, type NestModule, type Provider } from '@nestjs/common';
import { APP_FILTER, DiscoveryModule } from '@nestjs/core';

import { ExpectContinue } from './body/expect-continue.js';
import { LimitsMiddleware } from './body/limits.middleware.js';
import { ContextMiddleware } from './context/context.middleware.js';
import { DevelopmentPage } from './development/development-page.js';
import { ErrorResponder } from './errors/error-responder.js';
import { HttpExceptionFilter } from './errors/exception.filter.js';
import { PlainPage } from './errors/plain-page.js';
import { FallbackRoutes } from './fallback/fallback-routes.js';
import { WelcomePage } from './fallback/welcome-page.js';
import { HealthController } from './health/health.controller.js';
import { ReadinessService } from './health/readiness.service.js';
import { HostsMiddleware } from './hosts/hosts.middleware.js';
import { HttpChecks } from './http.checks.js';
import { HttpConfig } from './http.options.js';
import { ProxyMiddleware } from './proxy/proxy.middleware.js';
import { ReplyInterceptor } from './reply/reply.interceptor.js';
import { GracefulShutdown } from './shutdown/graceful-shutdown.js';
import { RequestSignals } from './signals/request-signals.js';
import { MiddlewareStack } from './stack/middleware-stack.js';
import { Pipeline } from './stack/pipeline.js';
import { StaticFiles } from './static/static-files.js';
import { StaticMiddleware } from './static/static.middleware.js';

const SHARED = [
  ErrorResponder,
  GracefulShutdown,
  HttpExceptionFilter,
  MiddlewareStack,
  ReplyInterceptor,
  RequestSignals,
  StaticFiles,
  WelcomePage,
];

const PRIVATE = [DevelopmentPage, ExpectContinue, FallbackRoutes, HttpChecks, Pipeline, PlainPage, ReadinessService];

const MIDDLEWARE = [ContextMiddleware, ProxyMiddleware, HostsMiddleware, StaticMiddleware, LimitsMiddleware];

/** The request pipeline: the one module that mounts middleware. */
@Module({})
export class HttpModule implements NestModule {
  constructor(private readonly pipeline: Pipeline) {}

  static forRoot(config: HttpConfig): DynamicModule {
    // Under an adopting application a global filter would answer for its own controllers too.
    const filter: Provider[] =
      config.pipeline === 'all' ? [{ provide: APP_FILTER, useExisting: HttpExceptionFilter }] : [];
    return {
      module: HttpModule,
      global: true,
      imports: [DiscoveryModule],
      controllers: config.health ? [HealthController] : [],
      providers: [{ provide: HttpConfig, useValue: config }, ...SHARED, ...PRIVATE, ...MIDDLEWARE, ...filter],
      exports: [HttpConfig, ...SHARED],
    };
  }

  /** Nest calls this before it registers the routes. */
  configure(): void {
    this.pipeline.configure();
  }
}
