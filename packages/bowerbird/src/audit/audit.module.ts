import { Module, type DynamicModule } from '@nestjs/common';

import { AuditKeeping } from './audit-keeping.js';
import { AuditTrail } from './audit-trail.js';
import { AuditChecks } from './audit.checks.js';
import { AuditListener } from './audit.listener.js';
import { AuditConfig } from './audit.options.js';
import { AuditedEntities } from './audited-entities.js';
import { ClearAuditCommand } from './clear-audit.command.js';
import { VerifyAuditCommand } from './verify-audit.command.js';

const SERVICES = [AuditTrail, AuditedEntities, AuditKeeping];
const CONTRIBUTIONS = [AuditListener, AuditChecks, ClearAuditCommand, VerifyAuditCommand];

/** The log of who did what to which row. */
@Module({})
export class AuditModule {
  static forRoot(config: AuditConfig): DynamicModule {
    return {
      module: AuditModule,
      global: true,
      providers: [{ provide: AuditConfig, useValue: config }, ...SERVICES, ...CONTRIBUTIONS],
      exports: [AuditConfig, ...SERVICES],
    };
  }
}
