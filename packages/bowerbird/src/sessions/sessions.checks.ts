import { Check, CheckRule, warning, type Findings } from '#core';

import { SessionsConfig } from './sessions.options.js';

/** Checks of the session settings that matter in production. */
@Check('sessions')
export class SessionsChecks {
  constructor(private readonly config: SessionsConfig) {}

  @CheckRule({ deploy: true })
  *secureCookie(): Findings {
    if (this.config.cookie.secure) return;
    yield warning('sessions.W001', 'The session cookie also travels over plain http, where anybody can copy it', {
      at: 'settings.sessions.cookie.secure',
      hint: 'Serve over https and remove the setting, or set it to true',
    });
  }

  @CheckRule({ deploy: true })
  *durableStore(): Findings {
    const { driver } = this.config;
    if (driver.durable) return;
    yield warning('sessions.W002', `Sessions live in the "${driver.name}" store: every restart logs everybody out`, {
      at: 'settings.sessions.driver',
      hint: 'Use sessionDrivers.database()',
    });
  }
}
