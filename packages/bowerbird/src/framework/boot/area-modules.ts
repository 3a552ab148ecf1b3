import { type DynamicModule, type Type } from '@nestjs/common';

import { AdminModule, readAdminApis } from '#admin';
import { ApiModule, OpenApiModule } from '#api';
import { AuditModule } from '#audit';
import { AuthModule } from '#auth';
import { CacheModule } from '#cache';
import { CoreModule } from '#core';
import { FormsModule } from '#forms';
import { HttpModule } from '#http';
import { OrmModule, type AppRegistry } from '#orm';
import { SecurityModule } from '#security';
import { SessionsModule } from '#sessions';
import { StorageModule } from '#storage';
import { TemplatesModule } from '#templates';

import { AdminApiModule } from '../admin-api/admin-api.module.js';
import { type AreaConfigs, type ResolvedSettings } from './resolved-settings.js';

/** The modules of all areas that are on, from the lowest floor up. */
export function areaModules(
  { areas, keys, clock }: ResolvedSettings,
  registry: AppRegistry,
): readonly (DynamicModule | Type)[] {
  const directories = registry.all().flatMap(({ templates }) => templates ?? []);
  return [
    CoreModule.forRoot(keys, clock),
    HttpModule.forRoot(areas.http),
    OrmModule.forRoot(areas.orm),
    TemplatesModule.forRoot(areas.templates, directories),
    StorageModule.forRoot(areas.storage),
    ...(areas.cache ? [CacheModule.forRoot(areas.cache)] : []),
    ...(areas.audit ? [AuditModule.forRoot(areas.audit)] : []),
    FormsModule,
    ...(areas.sessions ? [SessionsModule.forRoot(areas.sessions)] : []),
    ...(areas.security ? [SecurityModule.forRoot(areas.security)] : []),
    ...(areas.auth ? [AuthModule.forRoot(areas.auth)] : []),
    ...(areas.api ? [ApiModule.forRoot(areas.api), OpenApiModule.forRoot(areas.api)] : []),
    ...adminModules(areas, registry),
  ];
}

/** The admin, and the API of those of its entities that ask for one. */
function adminModules({ admin, api }: AreaConfigs, registry: AppRegistry): readonly DynamicModule[] {
  if (!admin) return [];
  const module = AdminModule.forRoot(admin, registry);
  return api ? [module, AdminApiModule.forRoot(readAdminApis(registry, admin), module)] : [module];
}
