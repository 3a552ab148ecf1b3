import { posix } from 'node:path';

import ts from 'typescript';

import { type AppSource } from '../project/apps.js';
import { isBelow, type Project } from '../project/project.js';
import { SchematicError } from '../schematic-error.js';
import { appended, firstObject, propertyOf } from '../syntax/lists.js';
import { changed } from '../syntax/source-text.js';

interface Manifest {
  readonly name?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const VERSION = '0.1.0';

/** Makes a package of an app, and tells the workspace of it. Returns the name by which it is imported. */
export function addLibrary(project: Project, { className, path }: AppSource, folder: string): string {
  const name = `${scopeOf(project)}/${posix.basename(folder)}`;
  const application = manifestOf(project);
  const { dependencies = {} } = project.json(application) as Manifest;
  const write = (file: string, value: unknown): void =>
    project.create(posix.join(folder, file), `${JSON.stringify(value, null, 2)}\n`);
  write('package.json', {
    name,
    version: VERSION,
    private: true,
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    dependencies: { bowerbird: dependencies['bowerbird'] ?? '*' },
  });
  project.create(posix.join(folder, 'tsconfig.json'), tsconfigCode(project, folder));
  project.create(
    posix.join(posix.dirname(path), 'index.ts'),
    `export { ${className} } from './${posix.basename(path, '.ts')}.js';\n`,
  );
  addToObject(project, application, 'dependencies', name, JSON.stringify(VERSION));
  addReference(project, folder);
  addNestProject(project, folder);
  return name;
}

/** `@shop` of `@shop/workspace` and of `shop`. */
function scopeOf(project: Project): string {
  const { name = '' } = (project.json('package.json') ?? {}) as Manifest;
  const scope = name.startsWith('@') ? name.split('/')[0]! : `@${name.replace(/-workspace$/, '')}`;
  if (/^@[a-z\d][\w.-]*$/.test(scope)) return scope;
  throw new SchematicError('package.json has no name, which the names of libraries begin with', 'Add a "name" to it');
}

/** The manifest of the application: the nearest one above its sources. */
function manifestOf(project: Project): string {
  const path = posix.join(project.packageFolder(project.sourceRoot), 'package.json');
  if (project.has(path)) return path;
  throw new SchematicError('The project has no package.json');
}

function tsconfigCode(project: Project, folder: string): string {
  const base = project.has('tsconfig.base.json') ? 'tsconfig.base.json' : 'tsconfig.json';
  const up = posix.relative(folder, base);
  return [
    '{',
    `  "extends": "${up}",`,
    '  "compilerOptions": {',
    '    "rootDir": "src",',
    '    "outDir": "dist",',
    '    "tsBuildInfoFile": "dist/.tsbuildinfo",',
    '    "composite": true,',
    '    "declaration": true',
    '  },',
    '  "include": ["src"]',
    '}\n',
  ].join('\n');
}

/** `references` of the root's and of the application's `tsconfig.json`, where they have some. */
function addReference(project: Project, folder: string): void {
  const roots = ['tsconfig.json', posix.join(posix.dirname(project.sourceRoot), 'tsconfig.json')];
  for (const path of new Set(roots.map((each) => posix.normalize(each)))) {
    if (!project.has(path) || isBelow(path, folder)) continue;
    const source = project.source(path);
    const object = firstObject(source);
    const list = object && propertyOf(object, 'references');
    if (!list || !ts.isArrayLiteralExpression(list)) continue;
    const to = posix.relative(posix.dirname(path), folder);
    if (list.getText(source).includes(`"${to}"`)) continue;
    project.change(path, changed(source, [appended(source, list, `{ "path": "${to}" }`)]));
  }
}

function addNestProject(project: Project, folder: string): void {
  if (!project.has('nest-cli.json')) return;
  const entry = {
    type: 'library',
    root: folder,
    sourceRoot: `${folder}/src`,
    entryFile: 'index',
    compilerOptions: { tsConfigPath: `${folder}/tsconfig.json` },
  };
  const code = JSON.stringify(entry, null, 2).replaceAll('\n', '\n    ');
  addToObject(project, 'nest-cli.json', 'projects', posix.basename(folder), code);
}

/** Adds a property to an object of a JSON file that has one of this name. */
function addToObject(project: Project, path: string, holder: string, name: string, code: string): void {
  const source = project.source(path);
  const root = firstObject(source);
  const object = root && propertyOf(root, holder);
  if (!root || (object && !ts.isObjectLiteralExpression(object))) return;
  const item = `"${name}": ${code}`;
  if (object && propertyOf(object, name)) return;
  const change = object ? appended(source, object, item) : appended(source, root, `"${holder}": {\n    ${item}\n  }`);
  project.change(path, changed(source, [change]));
}
