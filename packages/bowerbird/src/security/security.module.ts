import { Module, type DynamicModule } from '@nestjs/common';
import { APP_GUARD, MetadataScanner } from '@nestjs/core';

import { CsrfExemptions } from './csrf/csrf-exemptions.js';
import { CsrfVerdicts } from './csrf/csrf-verdicts.js';
import { CsrfGuard } from './csrf/csrf.guard.js';
import { Csrf } from './csrf/csrf.js';
import { CsrfMiddleware } from './csrf/csrf.middleware.js';
import { SecurityHeadersMiddleware } from './headers/headers.middleware.js';
import { SecurityChecks } from './security.checks.js';
import { SecurityContext } from './security.context.js';
import { SecurityConfig } from './security.options.js';
import { RouteLimits } from './throttle/route-limits.js';
import { ThrottleChecks } from './throttle/throttle.checks.js';
import { ThrottleGuard } from './throttle/throttle.guard.js';
import { ThrottledRoutes } from './throttle/throttled-routes.js';
import { Throttler } from './throttle/throttler.js';

/** Security headers, the content security policy and the protection against forged requests. */
@Module({})
export class SecurityModule {
  static forRoot(config: SecurityConfig): DynamicModule {
    return {
      module: SecurityModule,
      global: true,
      providers: [
        { provide: SecurityConfig, useValue: config },
        MetadataScanner,
        Csrf,
        CsrfExemptions,
        CsrfVerdicts,
        CsrfMiddleware,
        RouteLimits,
        Throttler,
        ThrottledRoutes,
        // In this order; areas above have their guards behind these.
        { provide: APP_GUARD, useClass: CsrfGuard },
        { provide: APP_GUARD, useClass: ThrottleGuard },
        SecurityHeadersMiddleware,
        SecurityContext,
        SecurityChecks,
        ThrottleChecks,
      ],
      exports: [SecurityConfig, Csrf],
    };
  }
}
