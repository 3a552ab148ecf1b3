import { existsSync } from 'node:fs';

import { environment, type FrameworkSettings } from 'bowerbird';

import { GuestbookModule } from './guestbook/guestbook.module.js';

// For development. What the environment says already wins over the file.
if (existsSync('.env')) process.loadEnvFile();

export const env = environment(process.env);

/** What the application says about itself. No other file reads the environment. */
export const settings: FrameworkSettings = {
  secretKey: env.secret('SECRET_KEY'),
  production: env.production,
  database: env.string('DATABASE_URL'),
  http: {
    host: env.string('HOST', '127.0.0.1'),
    port: env.port('PORT', 8000),
    allowedHosts: env.list('ALLOWED_HOSTS', []),
    trustedProxies: env.list('TRUSTED_PROXIES', []),
  },
  auth: { siteName: '__TITLE__' },
  // Viewsets are described and tried out at /api/docs.
  api: { openapi: { title: '__TITLE__' } },
  admin: { title: '__TITLE__' },
  apps: [GuestbookModule],
};
