import { posix } from 'node:path';

import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { withExport } from '../syntax/exports.js';
import { withImport } from '../syntax/imports.js';
import { appended, broken, lists, mentions, propertyOf } from '../syntax/lists.js';
import { changed, parse } from '../syntax/source-text.js';
import { decoratorObject, type AppSource } from './apps.js';
import { specifier, type Project } from './project.js';

/** A list in one of the decorators of an app's module. */
interface ModuleList {
  readonly decorator: 'App' | 'Module';
  readonly property: 'entities' | 'providers' | 'controllers';
}

const ENTITIES: ModuleList = { decorator: 'App', property: 'entities' };
const PROVIDERS: ModuleList = { decorator: 'Module', property: 'providers' };
const CONTROLLERS: ModuleList = { decorator: 'Module', property: 'controllers' };

/** Lists an entity in `@App({ entities })`. @throws SchematicError */
export function addEntity(project: Project, app: AppSource, className: string, path: string): void {
  addClass(project, app, ENTITIES, className, path);
}

/** Lists a class in `@Module({ providers })`. @throws SchematicError */
export function addProvider(project: Project, app: AppSource, className: string, path: string): void {
  addClass(project, app, PROVIDERS, className, path);
}

/** Lists a class in `@Module({ controllers })`. @throws SchematicError */
export function addController(project: Project, app: AppSource, className: string, path: string): void {
  addClass(project, app, CONTROLLERS, className, path);
}

/** Exports a class through the door of its app, where the app has one: `index.ts` beside its module. */
export function exportFromDoor(project: Project, app: AppSource, className: string, path: string): void {
  const door = posix.join(app.folder, 'index.ts');
  if (project.has(door)) project.change(door, withExport(project.source(door), className, specifier(door, path)));
}

function addClass(project: Project, app: AppSource, list: ModuleList, className: string, path: string): void {
  const text = withItem(project.source(app.path), app, list, className);
  const imported = app.path === path ? text : withImport(parse(app.path, text), className, specifier(app.path, path));
  project.change(app.path, imported);
}

/** The text of a module that lists a class. */
function withItem(source: ts.SourceFile, app: AppSource, where: ModuleList, item: string): string {
  const { decorator, property } = where;
  const object = decoratorObject(source, app, decorator);
  if (!object) throw byHand(app, where, item);
  const list = propertyOf(object, property);
  if (!list && mentions(object, property)) throw byHand(app, where, item);
  if (list && !ts.isArrayLiteralExpression(list)) throw byHand(app, where, item);
  if (list && lists(source, list, item)) return source.text;
  const change = list ? appended(source, list, item) : appended(source, object, `${property}: [${item}]`);
  return broken(parse(source.fileName, changed(source, [change])), (edited) => listIn(edited, app, where));
}

function listIn(
  source: ts.SourceFile,
  app: AppSource,
  { decorator, property }: ModuleList,
): ts.ArrayLiteralExpression | undefined {
  const object = decoratorObject(source, app, decorator);
  const list = object && propertyOf(object, property);
  return list && ts.isArrayLiteralExpression(list) ? list : undefined;
}

function byHand({ className, path }: AppSource, { decorator, property }: ModuleList, item: string): SchematicError {
  return new SchematicError(
    `${path} does not write \`${property}\` of @${decorator} on ${className} as a list, so a generator cannot add to it`,
    `Give --skip-import and add ${item} there by hand`,
  );
}
