import { getMetadataArgsStorage } from 'typeorm';

import { type AnyClass, type Class } from '#core';

import { humanize } from '../describe/names.js';
import { isProxy } from '../model/proxy-entity.decorator.js';
import { AppRegistry, type AppDescription, type AppProblem, type MigrationLocation } from './app-registry.js';
import { APP_NOTE, type AppOptions } from './app.decorator.js';

const NAME = /^[a-z][a-z0-9_]{0,31}$/;

/** Reads the `@App` notes of modules, in their order, and reports what is wrong with them. */
export function describeApps(modules: readonly AnyClass[], root: URL): AppRegistry {
  const problems: AppProblem[] = [];
  const apps: AppDescription[] = [];
  for (const module of new Set(modules)) {
    const note = typeof module === 'function' ? APP_NOTE.readOwn(module) : undefined;
    if (note) apps.push(describeApp(module, note, root));
    else problems.push(problem('not-an-app', `${nameOf(module)} is listed as an app but has no @App`, nameOf(module)));
  }
  problems.push(...badNames(apps), ...sharedNames(apps), ...sharedEntities(apps), ...plainClasses(apps));
  return new AppRegistry(Object.freeze(apps), Object.freeze(problems));
}

function describeApp(module: AnyClass, note: AppOptions, root: URL): AppDescription {
  const { name, label, entities = [], templates, assets, fixtures, database = 'default', managed } = note;
  return Object.freeze({
    name,
    label: label ?? humanize(name),
    module,
    entities: Object.freeze([...entities]),
    migrations: migrationsOf(note, new URL(`migrations/${name}/`, root)),
    ...(templates && { templates: asFolder(templates) }),
    ...(assets && { assets: asFolder(assets) }),
    ...(fixtures && { fixtures: asFolder(fixtures) }),
    database,
    ...(managed !== undefined && { managed }),
  });
}

function migrationsOf({ migrations: said, linearMigrations }: AppOptions, usual: URL): MigrationLocation | null {
  if (said === false) return null;
  const linear = linearMigrations === true && { linear: true };
  if (said === undefined || said instanceof URL) return Object.freeze({ url: asFolder(said ?? usual), ...linear });
  const { folder = usual, files } = 'files' in said ? said : { files: said };
  return Object.freeze({ url: asFolder(folder), modules: Object.freeze([...files]), ...linear });
}

function asFolder(url: URL): URL {
  return url.href.endsWith('/') ? url : new URL(`${url.href}/`);
}

function badNames(apps: readonly AppDescription[]): AppProblem[] {
  return apps
    .filter(({ name }) => !NAME.test(name))
    .map(({ name, module }) =>
      problem('bad-name', `"${name}" is no name for an app: use lower-case letters, digits and _`, module.name),
    );
}

function sharedNames(apps: readonly AppDescription[]): AppProblem[] {
  return apps.flatMap((app, index) => {
    const other = apps.slice(0, index).find(({ name }) => name === app.name);
    return other
      ? [
          problem(
            'duplicate-name',
            `${other.module.name} and ${app.module.name} are both named "${app.name}"`,
            app.module.name,
          ),
        ]
      : [];
  });
}

function sharedEntities(apps: readonly AppDescription[]): AppProblem[] {
  const owners = new Map<Class, AppDescription>();
  return apps.flatMap((app) =>
    app.entities.flatMap((entity) => {
      const other = owners.get(entity);
      owners.set(entity, other ?? app);
      const message = `${entity.name} belongs to both "${other?.name}" and "${app.name}"`;
      return other && other !== app ? [problem('duplicate-entity', message, entity.name)] : [];
    }),
  );
}

function plainClasses(apps: readonly AppDescription[]): AppProblem[] {
  const known = new Set(getMetadataArgsStorage().tables.map(({ target }) => target));
  return apps.flatMap(({ name, entities }) =>
    entities
      .filter((entity) => !known.has(entity) && !isProxy(entity))
      .map((entity) =>
        problem('not-an-entity', `${nameOf(entity)} is listed in the app "${name}" but has no @Entity`, nameOf(entity)),
      ),
  );
}

function problem(kind: AppProblem['kind'], message: string, at: string): AppProblem {
  return Object.freeze({ kind, message, at });
}

function nameOf(value: unknown): string {
  return typeof value === 'function' ? value.name : String(value);
}
