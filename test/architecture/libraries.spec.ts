import { describe, expect, it } from 'vitest';

import { packageSources } from './source.js';

/** Libraries that every area stands on. */
const EVERYWHERE = [/^node:/, /^@nestjs\/(common|core)$/, /^rxjs/, /^reflect-metadata$/];

/** Libraries that belong to one place. Everything else is for `drivers/` folders. */
const PLACES: Readonly<Record<string, readonly RegExp[]>> = {
  admin: [/^typeorm$/],
  // Viewsets are controllers whose routes are noted where Nest looks for them.
  api: [/^@nestjs\/common\/constants\.js$/, /^typeorm$/],
  audit: [/^typeorm$/],
  auth: [/^typeorm$/, /^class-validator$/],
  forms: [/^class-validator$/],
  framework: [/^commander$/, /^@nestjs\/platform-express$/],
  http: [/^express$/, /^@nestjs\/platform-express$/, /^busboy$/, /^@nestjs\/core\//],
  jobs: [/^typeorm$/],
  notifications: [/^typeorm$/],
  orm: [/^typeorm(\/|$)/, /^class-validator$/],
  security: [/^helmet$/, /^csrf$/],
  sessions: [/^express-session$/, /^express$/, /^typeorm$/],
  testing: [/^@nestjs\/(testing|platform-express)$/, /^vitest$/, /^typeorm$/],
};

describe('libraries', () => {
  it('are imported in drivers, apart from those that an area stands on', () => {
    const strays = packageSources().flatMap((file) =>
      file.imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !specifier.startsWith('#'))
        .filter(() => !file.path.includes('/drivers/'))
        .filter(
          ({ specifier }) => ![...EVERYWHERE, ...(PLACES[file.area] ?? [])].some((allowed) => allowed.test(specifier)),
        )
        .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(strays).toEqual([]);
  });

  it('of the heavy kind are loaded lazily', () => {
    const heavy =
      /^(pg|mysql2|better-sqlite3|pg-query-stream|yaml|@node-rs\/argon2|@nestjs\/swagger|@hey-api\/openapi-ts|nodemailer|node:repl|node:domain)(\/|$)/;
    const eager = packageSources().flatMap((file) =>
      file.imports
        .filter(({ specifier, typeOnly, dynamic }) => heavy.test(specifier) && !typeOnly && !dynamic)
        .map(({ specifier }) => `${file.path} imports ${specifier} eagerly`),
    );
    expect(eager).toEqual([]);
  });
});
