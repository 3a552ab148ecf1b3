import { type DynamicModule, type Type } from '@nestjs/common';

import { AdminModule, readAdminApis } from '#admin';
import { ApiModule, OpenApiModule } from '#api';
import { AuditModule } from '#audit';
import { AuthModule } from '#auth';
import { CacheModule } from '#cache';
import { CoreModule } from '#core';
import { FormsModule } from '#forms';
import { HttpModule } from '#http';
import { JobsModule } from '#jobs';
import { MailModule } from '#mail';
import { NotificationsModule } from '#notifications';
import { OrmModule, type AppRegistry } from '#orm';
import { SecurityModule } from '#security';
import { SessionsModule } from '#sessions';
import { StorageModule } from '#storage';
import { TemplatesModule } from '#templates';

import { AdminApiModule } from '../admin-api/admin-api.module.js';
import { type AreaConfigs, type ResolvedSettings } from './resolved-settings.js';

/**
 * The modules of all areas that are on, from the lowest floor up, and behind them those of the application: what is made
 * for the entities of the admin stands behind what is written by hand.
 */
export function allModules(
  { areas, keys, clock, apps }: ResolvedSettings,
  registry: AppRegistry,
): readonly (DynamicModule | Type)[] {
  const admin = areas.admin && AdminModule.forRoot(areas.admin, registry);
  const directories = registry.all().flatMap(({ templates }) => templates ?? []);
  return [
    CoreModule.forRoot(keys, clock),
    HttpModule.forRoot(areas.http),
    OrmModule.forRoot(areas.orm),
    TemplatesModule.forRoot(areas.templates, directories),
    StorageModule.forRoot(areas.storage),
    ...(areas.cache ? [CacheModule.forRoot(areas.cache)] : []),
    ...(areas.audit ? [AuditModule.forRoot(areas.audit)] : []),
    ...(areas.jobs ? [JobsModule.forRoot(areas.jobs)] : []),
    ...(areas.mail ? [MailModule.forRoot(areas.mail, areas.jobs !== null)] : []),
    ...(areas.notifications ? [NotificationsModule.forRoot(areas.notifications)] : []),
    FormsModule,
    ...(areas.sessions ? [SessionsModule.forRoot(areas.sessions)] : []),
    ...(areas.security ? [SecurityModule.forRoot(areas.security)] : []),
    ...(areas.auth ? [AuthModule.forRoot(areas.auth)] : []),
    ...(areas.api ? [ApiModule.forRoot(areas.api), OpenApiModule.forRoot(areas.api)] : []),
    ...(admin ? [admin] : []),
    ...apps,
    ...(admin ? adminApi(areas, registry, admin) : []),
  ];
}

/** The API of the entities whose admin asks for one. */
function adminApi({ admin, api }: AreaConfigs, registry: AppRegistry, module: DynamicModule): readonly DynamicModule[] {
  return admin && api ? [AdminApiModule.forRoot(readAdminApis(registry, admin), module)] : [];
}
