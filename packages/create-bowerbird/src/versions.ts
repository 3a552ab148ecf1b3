/** The exact versions of what projects are made with: those that Bowerbird is built and tested with. */
export const VERSIONS = {
  '@bowerbird/schematics': '0.1.0',
  '@nestjs/cli': '12.0.8',
  '@nestjs/common': '12.5.1',
  '@nestjs/core': '12.5.1',
  '@nestjs/platform-express': '12.5.1',
  '@nestjs/swagger': '12.0.2',
  '@node-rs/argon2': '2.2.1',
  '@types/node': '20.19.43',
  'better-sqlite3': '12.11.1',
  bowerbird: '0.1.0',
  'class-transformer': '0.5.1',
  'class-validator': '0.15.1',
  mysql2: '3.24.5',
  nodemailer: '10.6.0',
  oxlint: '1.86.0',
  'oxlint-tsgolint': '7.0.2004',
  pg: '8.23.1',
  'pg-query-stream': '4.17.0',
  prettier: '3.10.1',
  'reflect-metadata': '0.2.2',
  rxjs: '7.8.2',
  'swagger-ui-dist': '5.33.0',
  typeorm: '1.1.1',
  typescript: '6.0.3',
  vite: '8.3.8',
  vitest: '4.1.12',
} as const;

/** A package that projects may need. */
export type PackageName = keyof typeof VERSIONS;

/** Versions of packages that others bring along: their newest ones do not run on every Node that Bowerbird runs on. */
export const OVERRIDES = { 'file-type': '21.3.0' } as const;

/** The Node versions that Bowerbird runs on. */
export const ENGINES = '^20.19.0 || ^22.13.0 || >=24.11.0';

/** The Node version of containers and of continuous integration. */
export const NODE_MAJOR = 24;
