/** What a project is made from. */
export const TEMPLATES = {
  default: 'data, admin and pages',
  api: 'data, admin and JSON',
  full: 'every area on: uploads, audit log, API, limits, jobs, a command',
} as const;

/** Where its data lives. */
export const DATABASES = {
  sqlite: 'a file, nothing to install',
  postgres: 'PostgreSQL, in a container for development',
  mysql: 'MySQL or MariaDB, in a container for development',
} as const;

/** What installs its packages. */
export const PACKAGE_MANAGERS = {
  npm: 'comes with Node',
  pnpm: 'pnpm 10 or newer',
  yarn: 'classic or modern',
} as const;

export type Template = keyof typeof TEMPLATES;
export type DatabaseKind = keyof typeof DATABASES;
export type PackageManagerName = keyof typeof PACKAGE_MANAGERS;

/** What the options of the command line choose from. */
export const CHOICES = {
  template: TEMPLATES,
  database: DATABASES,
  'package-manager': PACKAGE_MANAGERS,
} as const;
