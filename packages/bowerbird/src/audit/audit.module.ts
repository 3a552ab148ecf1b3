import { Module, type DynamicModule } from '@nestjs/common';

import { AuditTrail } from './audit-trail.js';
import { AuditChecks } from './audit.checks.js';
import { AuditListener } from './audit.listener.js';
import { AuditConfig } from './audit.options.js';
import { AuditedEntities } from './audited-entities.js';

/** The log of who did what to which row. */
@Module({})
export class AuditModule {
  static forRoot(config: AuditConfig): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      providers: [{ provide: AuditConfig, useValue: config }, AuditTrail, AuditedEntities, AuditListener, AuditChecks],
      exports: [AuditConfig, AuditTrail, AuditedEntities],
    };
  }
}
