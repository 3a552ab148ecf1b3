import { type OptionReader } from '#core';

import { type FrameworkSettings } from '../settings.js';
import { type AreaConfigs } from './resolved-settings.js';

type OptionalArea = 'audit' | 'sessions' | 'security' | 'auth' | 'api' | 'admin';

/** Which optional areas an optional area cannot do without. */
const NEEDS: Readonly<Record<OptionalArea, readonly OptionalArea[]>> = {
  audit: [],
  sessions: [],
  security: ['sessions'],
  auth: ['sessions', 'security'],
  api: ['auth'],
  admin: ['auth', 'sessions', 'security', 'audit'],
};

/** Reports each area that is on while one that it needs is off. */
export function reportMissingAreas(read: OptionReader<FrameworkSettings>, areas: AreaConfigs): void {
  for (const [area, needs] of Object.entries(NEEDS) as [OptionalArea, readonly OptionalArea[]][]) {
    const missing = areas[area] === null ? [] : needs.filter((need) => areas[need] === null);
    if (missing.length === 0) continue;
    const hint = `Turn ${missing.join(' and ')} on, or set ${area}: false as well`;
    read.fail(
      'framework.E001',
      area,
      `on, while ${missing.join(' and ')} is off`,
      `${missing.join(' and ')} to be on`,
      hint,
      undefined,
    );
  }
}
