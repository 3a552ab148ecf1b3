import { type Type } from '@nestjs/common';

import { type AdminSiteOptions } from '#admin';
import { type ApiOptions } from '#api';
import { type AuditOptions } from '#audit';
import { type AuthOptions } from '#auth';
import { type CacheOptions } from '#cache';
import { type Clock, type Secret, type SilencedCheck } from '#core';
import { type HttpOptions } from '#http';
import { type JobsOptions } from '#jobs';
import { type MailOptions } from '#mail';
import { type NotificationsOptions } from '#notifications';
import { type DatabaseRouter, type DatabaseSetting, type QueryDefaults } from '#orm';
import { type SecurityOptions } from '#security';
import { type SessionsOptions } from '#sessions';
import { type StorageOptions } from '#storage';
import { type TemplatesOptions } from '#templates';

/**
 * All that an application says about itself: the sum of the areas' options. Everything but the secret key has a
 * default; `false` turns an optional area off.
 */
export interface FrameworkSettings {
  /** Signs sessions, tokens and links; at least 50 random characters in production. */
  readonly secretKey: string | Secret;
  /** Earlier keys that are still accepted for reading, newest first. */
  readonly secretKeyFallbacks?: readonly (string | Secret)[];
  /**
   * Strict defaults and no development pages. Unless said here, it is what the environment said in which the secret
   * key was read; a key given as plain text means production.
   */
  readonly production?: boolean;
  /**
   * Directory from which relative paths of migrations, templates and static files start: that of the entry file unless
   * said otherwise. Paths of data start at the nearest directory at or above it that has a `package.json`.
   */
  readonly root?: URL | string;
  /** The application's modules that are marked with `@App`, in the order in which they override each other's templates. */
  readonly apps?: readonly Type[];
  /** Where the data lives: a URL, options with a URL, or a `DataSource` of the project's own. */
  readonly database?: DatabaseSetting;
  /** What holds for queries that say nothing else: how relations are loaded, and the time zone. */
  readonly orm?: QueryDefaults;
  /** Further databases by alias. */
  readonly databases?: Readonly<Record<string, DatabaseSetting>>;
  /** What decides which databases hold, read and write which entities; the first that says something counts. */
  readonly routers?: readonly DatabaseRouter[];
  /** Keys of encrypted columns: that in use first, then earlier ones. The secret key and its fallbacks unless given. */
  readonly encryptionKeys?: readonly (string | Secret)[];
  readonly http?: HttpOptions;
  readonly templates?: TemplatesOptions;
  readonly storage?: StorageOptions;
  readonly cache?: CacheOptions | false;
  readonly sessions?: SessionsOptions | false;
  readonly security?: SecurityOptions | false;
  readonly auth?: AuthOptions | false;
  readonly audit?: AuditOptions | false;
  readonly jobs?: JobsOptions | false;
  readonly mail?: MailOptions | false;
  readonly notifications?: NotificationsOptions | false;
  readonly api?: ApiOptions | false;
  readonly admin?: AdminSiteOptions | false;
  readonly checks?: ChecksOptions;
  /** The source of the present moment; tests give one that they can move. */
  readonly clock?: Clock;
}

/** How the boot checks behave. */
export interface ChecksOptions {
  /** Ids that the project has decided to live with, each with its reason. */
  readonly silence?: readonly SilencedCheck[];
}
