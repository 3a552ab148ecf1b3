import { type Type } from '@nestjs/common';

import { type AdminConfig } from '#admin';
import { type ApiConfig } from '#api';
import { type AuditConfig } from '#audit';
import { type AuthConfig } from '#auth';
import { type CacheConfig } from '#cache';
import { type Clock, type SecretKeys, type SettingsBase, type SilencedCheck } from '#core';
import { type HttpConfig } from '#http';
import { type JobsConfig } from '#jobs';
import { type MailConfig } from '#mail';
import { type NotificationsConfig } from '#notifications';
import { type OrmConfig } from '#orm';
import { type SecurityConfig } from '#security';
import { type SessionsConfig } from '#sessions';
import { type StorageConfig } from '#storage';
import { type TemplatesConfig } from '#templates';

/** Every area's config; null for an area that is off. */
export interface AreaConfigs {
  readonly http: HttpConfig;
  readonly orm: OrmConfig;
  readonly templates: TemplatesConfig;
  readonly storage: StorageConfig;
  readonly cache: CacheConfig | null;
  readonly audit: AuditConfig | null;
  readonly jobs: JobsConfig | null;
  readonly mail: MailConfig | null;
  readonly notifications: NotificationsConfig | null;
  readonly sessions: SessionsConfig | null;
  readonly security: SecurityConfig | null;
  readonly auth: AuthConfig | null;
  readonly api: ApiConfig | null;
  readonly admin: AdminConfig | null;
}

/** The settings after every default was filled in. */
export class ResolvedSettings {
  constructor(
    readonly base: SettingsBase,
    readonly keys: SecretKeys,
    readonly clock: Clock,
    /** The application's own app modules. */
    readonly apps: readonly Type[],
    readonly silenced: readonly SilencedCheck[],
    readonly areas: AreaConfigs,
  ) {}
}
