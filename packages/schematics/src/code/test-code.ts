import { type AppSource } from '../project/apps.js';
import { moduleFor } from '../project/entities.js';
import { specifier, type Project } from '../project/project.js';
import { isExported } from '../syntax/exports.js';
import { WIDTH } from '../syntax/source-text.js';
import { Imports } from './imports.js';

/** A test that boots an application with apps. */
export interface AppTest {
  /** The file that is written. */
  readonly path: string;
  /** The app that is tested first, and those that it needs. */
  readonly apps: readonly AppSource[];
  /** Names that the tests use, by module. */
  readonly imports: readonly (readonly [module: string, ...names: string[]])[];
  /** The code of the tests, each with an end of line. */
  readonly tests: readonly string[];
  /** The file that gives tests their database, where the project has one. */
  readonly database?: string | undefined;
}

/** The file of a test, as the tutorial writes them. */
export function appTestCode(project: Project, { path, apps, imports: more, tests, database }: AppTest): string {
  const imports = new Imports()
    .add('bowerbird/testing', 'createTestApp', 'type TestApp')
    .add('vitest', 'afterAll', 'beforeAll', 'expect', 'it');
  for (const app of apps) imports.add(moduleFor(project, path, app.path), app.className);
  for (const [module, ...names] of more) imports.add(module, ...names);
  if (database !== undefined) imports.add(specifier(path, database), 'database');
  const boot = [
    'let app: TestApp;\n',
    'beforeAll(async () => {\n',
    bootCode(apps, database === undefined ? [] : ['{ database }']),
    '});\n',
    'afterAll(() => app.close());\n',
  ].join('');
  return [imports.toString(), boot, ...tests].join('\n');
}

function bootCode(apps: readonly AppSource[], options: readonly string[]): string {
  const settings = `{ apps: [${apps.map(({ className }) => className).join(', ')}] }`;
  const flat = `  app = await createTestApp(${[settings, ...options].join(', ')});\n`;
  if (flat.length <= WIDTH + 1) return flat;
  if (options.length > 0) {
    const lines = [settings, ...options].map((each) => `    ${each},\n`);
    return `  app = await createTestApp(\n${lines.join('')}  );\n`;
  }
  return `  app = await createTestApp({\n    ${settings.slice(2, -2)},\n  });\n`;
}

/** Whether tests can import every app: its class is exported. */
export function canImport(project: Project, apps: readonly AppSource[]): boolean {
  return apps.every(({ path, className }) => isExported(project.source(path), className));
}
