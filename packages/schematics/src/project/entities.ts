import { posix } from 'node:path';

import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { originOf } from '../syntax/imports.js';
import { propertyOf } from '../syntax/lists.js';
import { decoratorObject, findApps, type AppSource } from './apps.js';
import { importedFile, specifier, type Project } from './project.js';

/** An entity that an app lists. */
export interface EntitySource {
  readonly className: string;
  /** The file that declares it. */
  readonly path: string;
  readonly app: AppSource;
}

/** Entities of the framework itself, and where they are imported from. */
export const FRAMEWORK_ENTITIES: Readonly<Record<string, string>> = { User: 'bowerbird/auth', Group: 'bowerbird/auth' };

/** The entities that an app lists in its `@App`. */
export function entitiesOf(project: Project, app: AppSource): readonly EntitySource[] {
  const source = project.source(app.path);
  const object = decoratorObject(source, app, 'App');
  const list = object && propertyOf(object, 'entities');
  if (!list || !ts.isArrayLiteralExpression(list)) return [];
  return list.elements.filter(ts.isIdentifier).flatMap(({ text }) => {
    const origin = originOf(source, text);
    const path = origin === undefined ? app.path : importedFile(app.path, origin);
    return project.has(path) ? [{ className: text, path, app }] : [];
  });
}

/** An entity of an app. @throws SchematicError that lists what the app has */
export function entityOf(project: Project, app: AppSource, className: string): EntitySource {
  const entities = entitiesOf(project, app);
  const found = entities.find((each) => each.className === className);
  if (found) return found;
  const known = entities.map((each) => each.className).join(', ');
  throw new SchematicError(
    `The app "${app.name}" has no entity ${className}`,
    known === '' ? `Make it first: make:entity ${app.name} ${className}` : `Entities: ${known}`,
  );
}

/**
 * The entity that `Category` or `blog.Post` means, seen from an app: one of its own comes first.
 * @throws SchematicError where there is none, or one in several other apps
 */
export function meantEntity(project: Project, said: string, from: AppSource): EntitySource {
  const [className, appName] = said.split('.').reverse() as [string, string?];
  const all = findApps(project)
    .filter(({ name }) => appName === undefined || name === appName)
    .flatMap((app) => entitiesOf(project, app))
    .filter((entity) => entity.className === className);
  const own = all.find(({ app }) => app.name === from.name);
  if (own ?? all.length === 1) return own ?? all[0]!;
  if (all.length === 0) {
    throw new SchematicError(
      `There is no entity ${said}`,
      `Make it first: make:entity ${appName ?? from.name} ${className}`,
    );
  }
  throw new SchematicError(
    `Several apps have an entity ${said}`,
    `Name the app as well: ${all.map(({ app }) => `${app.name}.${className}`).join(', ')}`,
  );
}

/** How a file imports what another file exports: by its path, or by the name of its package where that is another one. */
export function moduleFor(project: Project, from: string, to: string): string {
  const [own, other] = [project.packageFolder(from), project.packageFolder(to)];
  const { name } = (project.json(posix.join(other, 'package.json')) ?? {}) as { readonly name?: string };
  return own === other || name === undefined ? specifier(from, to) : name;
}

/**
 * An app and all apps whose entities its own refer to, directly or not: a test needs them together.
 * @returns the app itself first
 */
export function neededApps(project: Project, app: AppSource): readonly AppSource[] {
  const owners = new Map(
    findApps(project).flatMap((each) => entitiesOf(project, each).map(({ path }) => [path, each])),
  );
  const needed = new Map([[app.path, app]]);
  for (const each of needed.values()) {
    for (const { path } of entitiesOf(project, each)) {
      for (const file of importedFiles(project, path)) {
        const owner = owners.get(file);
        if (owner && !needed.has(owner.path)) needed.set(owner.path, owner);
      }
    }
  }
  return [...needed.values()];
}

function importedFiles(project: Project, path: string): readonly string[] {
  return project
    .source(path)
    .statements.filter(ts.isImportDeclaration)
    .map(({ moduleSpecifier }) => (ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : ''))
    .filter((module) => module.startsWith('.'))
    .map((module) => importedFile(path, module));
}
