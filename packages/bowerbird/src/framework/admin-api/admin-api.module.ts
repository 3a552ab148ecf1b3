import { Module, type DynamicModule } from '@nestjs/common';

import { type AdminApi } from '#admin';

import { AdminApiRules } from './admin-api-rules.js';
import { createAdminViewSet } from './admin-viewset.js';

/** The API of the entities whose admin asks for one. */
@Module({})
export class AdminApiModule {
  /** @param admin the module of the admin, whose rules hold */
  static forRoot(apis: readonly AdminApi[], admin: DynamicModule): DynamicModule {
    return {
      module: AdminApiModule,
      imports: [admin],
      controllers: apis.map((api) => createAdminViewSet(api)),
      providers: [AdminApiRules],
    };
  }
}
