export {
  type AuditChanges,
  changesOf,
  type FieldChange,
  isLinkChange,
  type LinkChange,
  REDACTED,
} from './audit-changes.js';
export { AuditEntry } from './audit-entry.entity.js';
export { auditKey } from './audit-key.js';
export { type AuditNote, type AuditPage, type AuditPageRequest, AuditTrail } from './audit-trail.js';
export { AuditApp } from './audit.app.js';
export { AuditChecks } from './audit.checks.js';
export { AuditModule } from './audit.module.js';
export { AuditConfig, type AuditOptions, resolveAudit } from './audit.options.js';
export { AuditedEntities } from './audited-entities.js';
export { type ReadableValue } from './readable-value.js';
