import { Module } from '@nestjs/common';

import { App } from '#orm';

import { AuditEntry } from './audit-entry.entity.js';

/** The table of the audit log, as an app. */
@App({ name: 'audit', label: 'Audit', entities: [AuditEntry], migrations: new URL('./migrations/', import.meta.url) })
@Module({})
export class AuditApp {}
