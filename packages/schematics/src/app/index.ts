import { posix } from 'node:path';

import { checkedApp } from '../names/checked-names.js';
import { registerApp } from '../project/application.js';
import { findApps, type AppSource } from '../project/apps.js';
import { specifier, type Place, type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { writeAppTest } from '../project/write-test.js';
import { SchematicError } from '../schematic-error.js';
import { appFolder } from './app-folder.js';
import { addLibrary } from './library.js';
import { moduleCode } from './module-code.js';

/** The options of its schema. */
export interface AppOptions extends Place {
  readonly name?: string;
  /** The folder that gets the folder of the app. */
  readonly path?: string;
  readonly label?: string;
  /** Whether a test is written. */
  readonly spec?: boolean;
  /** Whether the settings are left alone. */
  readonly skipImport?: boolean;
}

/** Writes an app with a test, and lists it in the settings. */
export function generateApp(project: Project, options: AppOptions): readonly string[] {
  const { app: name, file, className: prefix } = checkedApp(options.name);
  const place = appFolder(project, file, options.path);
  const path = posix.join(place.sources, `${file}.module.ts`);
  const app: AppSource = { name, className: `${prefix}Module`, path, folder: place.sources };
  const code = moduleCode(app, { label: options.label, library: place.library !== undefined });
  refuseTwice(project, app, code);
  project.create(path, code);
  const module = place.library && addLibrary(project, app, place.library);
  if (options.skipImport !== true) registerApp(project, app.className, (from) => module ?? specifier(from, path));
  const notes = options.spec === false ? [] : writeTest(project, app, file);
  const install = module === undefined ? [] : [`Next: npm install, which links ${module}.`];
  return [...notes, ...install, `Next: make:entity ${name} Product title:string price:decimal`];
}

/** The rule that the devkit runs. */
export const main = ruleOf<AppOptions>(generateApp);

/** An app that is as new may be generated again. @throws SchematicError for any other one of this name */
function refuseTwice(project: Project, { name, path }: AppSource, code: string): void {
  const other = findApps(project).find((app) => app.name === name);
  if (other && (other.path !== path || project.read(path) !== code)) {
    throw new SchematicError(`There is an app "${name}" already, in ${other.path}`, 'Choose another name');
  }
}

function writeTest(project: Project, app: AppSource, file: string): readonly string[] {
  return writeAppTest(project, app, `${file}.module`, {
    imports: [['bowerbird/orm', 'AppRegistry']],
    tests: [
      [
        "it('is one of the apps', () => {\n",
        `  expect(app.get(AppRegistry).has('${app.name}')).toBe(true);\n`,
        '});\n',
      ].join(''),
      [
        "it('keeps visitors out of its admin', async () => {\n",
        `  expect((await app.client().get('/admin/${app.name}/')).location).toContain('/accounts/login/');\n`,
        '});\n',
      ].join(''),
    ],
  });
}
