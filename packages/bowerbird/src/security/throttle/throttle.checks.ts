import { Optional } from '@nestjs/common';

import { Cache } from '#cache';
import { Check, CheckRule, error, type Findings } from '#core';

import { SecurityConfig } from '../security.options.js';
import { ThrottledRoutes } from './throttled-routes.js';

/** Checks of the limits of requests. */
@Check('security')
export class ThrottleChecks {
  constructor(
    private readonly config: SecurityConfig,
    private readonly routes: ThrottledRoutes,
    @Optional() private readonly cache?: Cache,
  ) {}

  @CheckRule()
  *limitsWithoutCache(): Findings {
    const { enabled, defaults } = this.config.throttle;
    if (this.cache || !enabled) return;
    const places = [...this.routes.names(), ...(defaults.length > 0 ? ['settings.security.throttle.default'] : [])];
    for (const at of places)
      yield error('security.E005', 'Requests are limited here, and there is no cache to count them in', {
        at,
        hint: 'Remove `cache: false` from the settings, or set security.throttle: false',
      });
  }
}
