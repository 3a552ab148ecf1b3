import { Module } from '@nestjs/common';

import { App } from '#orm';

import { AuditEntry } from './audit-entry.entity.js';
import initial from './migrations/0001_initial.js';
import fingerprint from './migrations/0002_fingerprint.js';

/** The table of the audit log, as an app. */
@App({
  name: 'audit',
  label: 'Audit',
  entities: [AuditEntry],
  migrations: {
    folder: new URL('../audit/migrations/', import.meta.url),
    files: [
      ['0001_initial', initial],
      ['0002_fingerprint', fingerprint],
    ],
  },
})
@Module({})
export class AuditApp {}
