import { existsSync } from 'node:fs';

import { environment, type FrameworkSettings } from 'bowerbird';
import { authDrivers, passwordRules } from 'bowerbird/auth';
import { cacheDrivers } from 'bowerbird/cache';
import { jobDrivers } from 'bowerbird/jobs';
import { mailDrivers } from 'bowerbird/mail';
import { sessionDrivers } from 'bowerbird/sessions';
import { storageDrivers } from 'bowerbird/storage';

import { GuestbookModule } from './guestbook/guestbook.module.js';

// For development. What the environment says already wins over the file.
if (existsSync('.env')) process.loadEnvFile();

export const env = environment(process.env);

/** What the application says about itself. No other file reads the environment. */
export const settings: FrameworkSettings = {
  secretKey: env.secret('SECRET_KEY'),
  // The key of before, while sessions and links that it has signed are still around.
  secretKeyFallbacks: env.list('SECRET_KEY_FALLBACKS', []),
  production: env.production,
  database: {
    url: env.string('DATABASE_URL'),
    // Copies of the database that answer reads, such as postgres://reader@replica:5432/shop.
    replicas: env.list('DATABASE_REPLICAS', []),
  },
  http: {
    host: env.string('HOST', '127.0.0.1'),
    port: env.port('PORT', 8000),
    allowedHosts: env.list('ALLOWED_HOSTS', []),
    trustedProxies: env.list('TRUSTED_PROXIES', []),
    limits: { multipartBytes: 6 * 1024 * 1024, fileBytes: 5 * 1024 * 1024 },
  },
  auth: {
    siteName: '__TITLE__',
    hashers: [authDrivers.argon2id(), authDrivers.scrypt()],
    passwordRules: [
      passwordRules.length(10),
      passwordRules.notNumeric(),
      passwordRules.notCommon(),
      passwordRules.notSimilar(),
    ],
  },
  // In the memory of each process. Limits of requests are counted here as well.
  cache: { driver: cacheDrivers.memory() },
  sessions: { driver: sessionDrivers.database(), maxAge: '14d' },
  // Uploads have addresses that are signed and expire.
  storage: { disks: { default: storageDrivers.local({ root: 'var/media/' }) }, urlLifetime: '1h' },
  audit: { entities: 'marked' },
  // While you develop, the server runs them itself; in production `node dist/main.js work` does.
  jobs: { driver: jobDrivers.database(), concurrency: 5 },
  // Without SMTP_URL, /__mail shows while you develop what would have been sent; production needs one.
  mail: {
    driver: mailDrivers.smtp({ url: env.secret('SMTP_URL') }),
    from: env.string('MAIL_FROM', env.production ? undefined : '__TITLE__ <webmaster@localhost>'),
  },
  // Described and tried out at /api/docs.
  api: { openapi: { title: '__TITLE__' } },
  admin: { title: '__TITLE__', environment: env.string('ENVIRONMENT', 'development') },
  apps: [GuestbookModule],
};
