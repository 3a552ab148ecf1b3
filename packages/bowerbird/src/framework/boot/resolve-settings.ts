import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Type } from '@nestjs/common';

import { resolveAdmin } from '#admin';
import { resolveApi } from '#api';
import { resolveAudit } from '#audit';
import { resolveAuth } from '#auth';
import { resolveCache } from '#cache';
import {
  Clock,
  OptionReader,
  Secret,
  SecretKeys,
  SystemClock,
  type SettingsBase,
  type SettingsProblems,
  type SilencedCheck,
} from '#core';
import { resolveHttp } from '#http';
import { resolveJobs, type JobsOptions } from '#jobs';
import { resolveMail } from '#mail';
import { resolveNotifications } from '#notifications';
import { resolveOrm } from '#orm';
import { resolveSecurity } from '#security';
import { resolveSessions } from '#sessions';
import { resolveStorage } from '#storage';
import { resolveTemplates } from '#templates';

import { type ChecksOptions, type FrameworkSettings } from '../settings.js';
import { reportMissingAreas } from './area-needs.js';
import { frameworkApps } from './framework-apps.js';
import { projectDirectory } from './project-directory.js';
import { ResolvedSettings, type AreaConfigs } from './resolved-settings.js';

/** Fills every default in and reports everything that is wrong; the result is usable only when nothing was reported. */
export function resolveSettings(settings: FrameworkSettings, problems: SettingsProblems): ResolvedSettings {
  const read = new OptionReader<FrameworkSettings>('settings', settings, problems);
  const secret = readSecretKey(read);
  const root = readRoot(read);
  const base: SettingsBase = {
    production: read.boolean('production', secret?.production ?? true),
    root,
    home: projectDirectory(root),
  };
  const apps = readApps(read);
  const areas = resolveAreas(read, problems, base, apps);
  const keys = new SecretKeys(secret ? textOf(secret) : '', readFallbacks(read));
  const silenced = readSilenced(read);
  const clock = readClock(read);
  reportMissingAreas(read, areas);
  read.finish();
  return new ResolvedSettings(base, keys, clock, apps, silenced, areas);
}

function resolveAreas(
  read: OptionReader<FrameworkSettings>,
  problems: SettingsProblems,
  base: SettingsBase,
  apps: readonly Type[],
): AreaConfigs {
  const on = <O, C>(
    options: O | false | undefined,
    resolve: (options: O | undefined, problems: SettingsProblems, base: SettingsBase) => C,
  ) => (options === false ? null : resolve(options, problems, base));
  const http = resolveHttp(read.raw('http'), problems, base);
  const areas = {
    cache: on(read.raw('cache'), resolveCache),
    audit: on(read.raw('audit'), resolveAudit),
    jobs: on(read.raw('jobs'), (options: JobsOptions | undefined) =>
      resolveJobs(options, problems, base, http.shutdown.deadline),
    ),
    mail: on(read.raw('mail'), resolveMail),
    notifications: on(read.raw('notifications'), (options) =>
      resolveNotifications(options, problems, { mail: read.raw('mail') !== false, jobs: read.raw('jobs') !== false }),
    ),
    sessions: on(read.raw('sessions'), resolveSessions),
    security: on(read.raw('security'), resolveSecurity),
    auth: on(read.raw('auth'), resolveAuth),
    // An application without accounts has nobody to whom an API could be private.
    api: on(read.raw('api') ?? (read.raw('auth') === false ? false : undefined), resolveApi),
    admin: on(read.raw('admin'), resolveAdmin),
  };
  return {
    ...areas,
    http,
    orm: resolveOrm(
      {
        apps: [...frameworkApps(areas), ...apps],
        database: read.raw('database'),
        databases: read.raw('databases'),
        routers: read.raw('routers'),
        orm: read.raw('orm'),
        encryptionKeys: read.raw('encryptionKeys'),
      },
      problems,
      base,
    ),
    templates: resolveTemplates(read.raw('templates'), problems, base),
    storage: resolveStorage(read.raw('storage'), problems, base),
  };
}

function readSecretKey(read: OptionReader<FrameworkSettings>): Secret | undefined {
  const secret = read.secret('secretKey');
  // Reported with the rest of the environment.
  if (secret?.missing) return secret;
  if (secret !== undefined && secret.reveal() !== '') return secret;
  const hint = "Give it from the environment: secretKey: env.secret('SECRET_KEY')";
  return read.fail(
    'framework.E002',
    'secretKey',
    secret === undefined ? undefined : '',
    'a secret key',
    hint,
    undefined,
  );
}

function textOf(secret: Secret): string {
  return secret.missing ? '' : secret.reveal();
}

function readFallbacks(read: OptionReader<FrameworkSettings>): readonly string[] {
  const value: unknown = read.raw('secretKeyFallbacks') ?? [];
  const valid = Array.isArray(value) && value.every((key) => typeof key === 'string' || key instanceof Secret);
  if (valid) return value.map((key) => (key instanceof Secret ? textOf(key) : key));
  return read.fail(
    'core.E002',
    'secretKeyFallbacks',
    value,
    'a list of secrets',
    'List the earlier keys, newest first',
    [],
  );
}

/** The directory of the program that was started, unless the settings say otherwise. */
function readRoot(read: OptionReader<FrameworkSettings>): URL {
  const value: unknown = read.raw('root');
  const entry = pathToFileURL(`${process.argv[1] ? dirname(process.argv[1]) : process.cwd()}/`);
  if (value === undefined) return entry;
  if (value instanceof URL) return value;
  if (typeof value === 'string') return pathToFileURL(value.endsWith('/') ? value : `${value}/`);
  return read.fail('core.E002', 'root', value, 'a directory', "Write root: new URL('.', import.meta.url)", entry);
}

function readApps(read: OptionReader<FrameworkSettings>): readonly Type[] {
  const value: unknown = read.raw('apps') ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'function')) return value as Type[];
  return read.fail(
    'framework.E003',
    'apps',
    value,
    'a list of modules',
    'List the classes that are marked with @App',
    [],
  );
}

function readSilenced(read: OptionReader<FrameworkSettings>): readonly SilencedCheck[] {
  const checks = read.nested<ChecksOptions>('checks');
  const value: unknown = checks.raw('silence') ?? [];
  checks.finish();
  const valid =
    Array.isArray(value) && value.every((item: Partial<SilencedCheck>) => Boolean(item?.id) && Boolean(item?.reason));
  if (valid) return value as SilencedCheck[];
  const hint = "Write each as { id: 'security.W004', reason: 'why this project lives with it' }";
  return checks.fail('framework.E004', 'silence', value, 'silenced checks with an id and a reason', hint, []);
}

function readClock(read: OptionReader<FrameworkSettings>): Clock {
  const value: unknown = read.raw('clock');
  if (value === undefined) return new SystemClock();
  if (value instanceof Clock) return value;
  return read.fail('core.E002', 'clock', value, 'a Clock', 'Extend Clock from bowerbird/core', new SystemClock());
}
