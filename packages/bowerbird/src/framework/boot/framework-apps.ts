import { type Type } from '@nestjs/common';

import { ApiApp } from '#api';
import { AuditApp } from '#audit';
import { authApp } from '#auth';
import { JobsApp } from '#jobs';
import { NotificationsApp } from '#notifications';
import { SessionsApp } from '#sessions';

import { type AreaConfigs } from './resolved-settings.js';

/** The framework's areas that own tables, as apps; those that are off, or keep their data elsewhere, own none. */
export function frameworkApps(
  areas: Pick<AreaConfigs, 'api' | 'audit' | 'auth' | 'jobs' | 'notifications' | 'sessions'>,
): readonly Type[] {
  return [
    ...(areas.sessions?.driver.table ? [SessionsApp] : []),
    ...(areas.auth ? [authApp(areas.auth)] : []),
    ...(areas.audit ? [AuditApp] : []),
    ...(areas.jobs?.driver.table ? [JobsApp] : []),
    ...(areas.notifications ? [NotificationsApp] : []),
    ...(areas.api?.idempotency ? [ApiApp] : []),
  ];
}
