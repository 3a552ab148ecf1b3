import { posix } from 'node:path';

import ts from 'typescript';

import { SchematicError } from '../schematic-error.js';
import { argumentOf, propertyOf } from '../syntax/lists.js';
import { nodesOf } from '../syntax/source-text.js';
import { type Project } from './project.js';

/** A module with `@App`, as its source says. */
export interface AppSource {
  readonly name: string;
  readonly className: string;
  /** The file that declares it. */
  readonly path: string;
  /** The folder of that file, where everything else of the app goes. */
  readonly folder: string;
}

/** Every app of the project, in the order of their files. */
export function findApps(project: Project): readonly AppSource[] {
  const paths = new Set(project.sourceRoots.flatMap((root) => project.sources(root)));
  return [...paths].filter((path) => project.read(path).includes('@App(')).flatMap((path) => appsIn(project, path));
}

/** @throws SchematicError that lists the apps there are */
export function appNamed(project: Project, name: string): AppSource {
  const apps = findApps(project);
  const found = apps.find((app) => app.name === name);
  if (found) return found;
  const known = apps.length > 0 ? `Apps: ${apps.map((app) => app.name).join(', ')}. ` : '';
  throw new SchematicError(`There is no app "${name}"`, `${known}Make it first: startapp ${name}`);
}

/** The only app of the project. @throws SchematicError where there is none or more than one */
export function onlyApp(project: Project): AppSource {
  const apps = findApps(project);
  if (apps.length === 1) return apps[0]!;
  const hint =
    apps.length === 0
      ? 'Make an app first: startapp catalog'
      : `Name the app as well: ${apps[0]!.name}/…. Apps: ${apps.map(({ name }) => name).join(', ')}`;
  throw new SchematicError('It is not said which app it belongs to', hint);
}

/** The class that declares an app. */
export function classOf(source: ts.SourceFile, app: Pick<AppSource, 'className'>): ts.ClassDeclaration {
  for (const each of nodesOf(source, ts.isClassDeclaration)) if (each.name?.text === app.className) return each;
  throw new SchematicError(`${source.fileName} has no class ${app.className}`);
}

/** The object of `@App({ … })` or `@Module({ … })` on the class of an app. */
export function decoratorObject(
  source: ts.SourceFile,
  app: Pick<AppSource, 'className'>,
  decorator: string,
): ts.ObjectLiteralExpression | undefined {
  const found = ts.getDecorators(classOf(source, app))?.map((each) => argumentOf(each, decorator));
  return found?.find((each) => each !== undefined);
}

function appsIn(project: Project, path: string): readonly AppSource[] {
  const source = project.source(path);
  return [...nodesOf(source, ts.isClassDeclaration)].flatMap((declaration) => {
    const className = declaration.name?.text;
    const options = ts
      .getDecorators(declaration)
      ?.map((each) => argumentOf(each, 'App'))
      .find(Boolean);
    const name = options && propertyOf(options, 'name');
    if (className === undefined || !name || !ts.isStringLiteralLike(name)) return [];
    return [{ name: name.text, className, path, folder: posix.dirname(path) }];
  });
}
