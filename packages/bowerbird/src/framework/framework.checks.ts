import { DiscoveryService } from '@nestjs/core';

import { readAdminApis } from '#admin';
import { Check, CheckRule, error, warning, type Findings } from '#core';
import { AppRegistry } from '#orm';
import { ThrottledRoutes } from '#security';

import { ResolvedSettings } from './boot/resolved-settings.js';

/** What is wrong with the application as a whole. Wrong settings are reported by `boot/`. */
@Check('framework')
export class FrameworkChecks {
  constructor(
    private readonly settings: ResolvedSettings,
    private readonly discovery: DiscoveryService,
    private readonly apps: AppRegistry,
  ) {}

  /** An application without apps has nothing to administer. */
  @CheckRule()
  *noApps(): Findings {
    if (this.settings.apps.length > 0) return;
    yield warning('framework.W001', 'The application has no apps', {
      at: 'settings.apps',
      hint: 'Mark a module with @App and list it in settings.apps',
    });
  }

  /** What is marked as limited must not be open without anybody noticing. */
  @CheckRule()
  *limitsWithoutSecurity(): Findings {
    if (this.settings.areas.security) return;
    for (const at of new ThrottledRoutes(this.discovery).names())
      yield error('framework.E005', 'Requests are limited here, and the area that limits them is off', {
        at,
        hint: 'Remove `security: false` from the settings, or remove @Throttle()',
      });
  }

  /** What is asked for must not be missing without anybody noticing. */
  @CheckRule()
  *adminWithoutApi(): Findings {
    const { admin, api } = this.settings.areas;
    if (!admin || api) return;
    for (const { entity } of readAdminApis(this.apps, admin))
      yield error('framework.E006', `The admin of ${entity.name} asks for an API, and the area is off`, {
        at: `${entity.name} admin.api`,
        hint: 'Remove `api: false` from the settings, or the option `api` of the admin',
      });
  }

  /** A silenced check that explains nothing will be wondered about. */
  @CheckRule()
  *silencedWithoutReason(): Findings {
    for (const { id, reason } of this.settings.silenced) {
      if (reason.trim().length >= 10) continue;
      yield warning('framework.W002', `${id} is silenced with the reason "${reason}"`, {
        at: 'settings.checks.silence',
        hint: 'Say in a few words why the project lives with it',
      });
    }
  }
}
