import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { registerApp } from './application.js';
import { Project, specifier } from './project.js';

const MODULE = 'src/app.module.ts';
const FRAMEWORK = "import { FrameworkModule } from 'bowerbird';\n";

function project(files: Readonly<Record<string, string>>): Project {
  const tree = new UnitTestTree(Tree.empty());
  for (const [path, text] of Object.entries(files)) tree.create(path, text);
  return new Project(tree);
}

/** The files after an app was registered, twice. */
function registered(files: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const all = project(files);
  const register = (): void =>
    registerApp(all, 'CatalogModule', (from) => specifier(from, 'src/catalog/catalog.module.ts'));
  const read = (): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.keys(files).map((path) => [path, all.read(path)]));
  register();
  const once = read();
  register();
  expect(read()).toEqual(once);
  return once;
}

const IMPORT = "import { CatalogModule } from './catalog/catalog.module.js';";

describe('an app is listed in the settings', () => {
  it.each([
    ['that have no list', 'forRoot({ secretKey })', 'forRoot({ secretKey, apps: [CatalogModule] })'],
    ['that have an empty one', 'forRoot({ apps: [] })', 'forRoot({ apps: [CatalogModule] })'],
    ['that have one', 'forRoot({ apps: [BlogModule] })', 'forRoot({ apps: [BlogModule, CatalogModule] })'],
  ])('%s', (_, before, after) => {
    const text = `${FRAMEWORK}\n@Module({ imports: [FrameworkModule.${before}] })\nexport class AppModule {}\n`;
    const { [MODULE]: written } = registered({ [MODULE]: text });
    expect(written).toBe(
      `${FRAMEWORK}\n${IMPORT}\n\n@Module({ imports: [FrameworkModule.${after}] })\nexport class AppModule {}\n`,
    );
  });

  it('that stand in another file, and that file alone changes', () => {
    const module = `${FRAMEWORK}\nimport { settings } from './settings.js';\n\nconst module = FrameworkModule.forRoot(settings);\n`;
    const settings =
      "export const settings = {\n  secretKey: 'x',\n  // what is installed\n  apps: [],\n} satisfies FrameworkSettings;\n";
    const written = registered({ [MODULE]: module, 'src/settings.ts': settings });
    expect(written[MODULE]).toBe(module);
    expect(written['src/settings.ts']).toBe(`${IMPORT}\n\n${settings.replace('[]', '[CatalogModule]')}`);
  });

  it('that name a list of the file', () => {
    const text = `${FRAMEWORK}\nconst APPS = [BlogModule] as const;\nconst module = FrameworkModule.forRoot({ secretKey, apps: APPS });\n`;
    expect(registered({ [MODULE]: text })[MODULE]).toContain('const APPS = [BlogModule, CatalogModule] as const;');
  });
});

describe('nothing is written and the user is told what to do', () => {
  it.each([
    [
      'nobody calls the framework',
      'export class AppModule {}\n',
      /calls FrameworkModule.forRoot nowhere.*\n→ .*add CatalogModule/,
    ],
    [
      'two call it',
      'FrameworkModule.forRoot({});\nFrameworkModule.forRoot({});\n',
      /calls FrameworkModule.forRoot twice/,
    ],
    [
      'the list is made by a call',
      'FrameworkModule.forRoot({ apps: findApps() });\n',
      /add CatalogModule to `apps` by hand/,
    ],
    ['the list is a shorthand', 'FrameworkModule.forRoot({ apps });\n', /add CatalogModule to `apps` by hand/],
    [
      'the settings are made by a call',
      'FrameworkModule.forRoot(readSettings());\n',
      /add CatalogModule to `apps` by hand/,
    ],
  ])('where %s', (_, text, message) => {
    const all = project({ [MODULE]: text });
    expect(() => registerApp(all, 'CatalogModule', () => './catalog.js')).toThrow(message);
    expect(all.read(MODULE)).toBe(text);
  });
});
