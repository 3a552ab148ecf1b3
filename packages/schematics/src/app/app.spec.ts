import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { generateEntity } from '../entity/index.js';
import { Project } from '../project/project.js';
import { generateApp } from './index.js';

const SETTINGS = "import { FrameworkModule } from 'bowerbird';\n\nFrameworkModule.forRoot({ apps: [] });\n";

function project(files: Readonly<Record<string, string>>): Project {
  const tree = new UnitTestTree(Tree.empty());
  for (const [path, text] of Object.entries(files)) tree.create(path, text);
  return new Project(tree);
}

const monorepo = (): Project =>
  project({
    'package.json': '{\n  "name": "shop-workspace",\n  "workspaces": ["libs/*", "apps/*"]\n}\n',
    'tsconfig.base.json': '{}\n',
    'tsconfig.json': '{\n  "files": [],\n  "references": [\n    { "path": "apps/web" } // the application\n  ]\n}\n',
    'nest-cli.json': '{\n  "sourceRoot": "apps/web/src",\n  "projects": {}\n}\n',
    'apps/web/package.json': '{\n  "name": "web",\n  "dependencies": {\n    "bowerbird": "0.1.0"\n  }\n}\n',
    'apps/web/tsconfig.json': '{\n  "references": []\n}\n',
    'apps/web/src/main.ts': SETTINGS,
  });

describe('an app', () => {
  it('goes below the sources, or into a folder there', () => {
    const shop = project({ 'package.json': '{}', 'src/main.ts': SETTINGS });
    generateApp(shop, { name: 'catalog' });
    generateApp(shop, { name: 'stock', path: 'warehouse', label: "The shop's stock" });
    generateApp(shop, { name: 'bins', path: 'src/warehouse' });
    expect(shop.read('src/main.ts')).toContain('forRoot({ apps: [CatalogModule, StockModule, BinsModule] })');
    expect(shop.read('src/main.ts')).toContain("import { BinsModule } from './warehouse/bins/bins.module.js';");
    expect(shop.read('src/warehouse/stock/stock.module.ts')).toContain(
      `@App({ name: 'stock', label: "The shop's stock", entities: [] })`,
    );
    expect(shop.has('test/bins/bins.module.spec.ts')).toBe(true);
  });

  it('becomes a package in a folder of the workspace', () => {
    const shop = monorepo();
    const notes = generateApp(shop, { name: 'catalog', path: 'libs' });
    expect(notes[0]).toBe('Next: npm install, which links @shop/catalog.');
    expect(shop.json('libs/catalog/package.json')).toMatchObject({ name: '@shop/catalog', type: 'module' });
    expect(shop.read('libs/catalog/src/index.ts')).toBe("export { CatalogModule } from './catalog.module.js';\n");
    expect(shop.read('libs/catalog/src/catalog.module.ts')).toContain(
      "migrations: new URL('./migrations/', import.meta.url)",
    );
    expect(shop.has('libs/catalog/test/catalog/catalog.module.spec.ts')).toBe(true);
    expect(shop.read('apps/web/src/main.ts')).toContain("import { CatalogModule } from '@shop/catalog';");
    expect(shop.json('apps/web/package.json')).toMatchObject({
      dependencies: { bowerbird: '0.1.0', '@shop/catalog': '0.1.0' },
    });
    expect(shop.read('tsconfig.json')).toContain(
      '{ "path": "apps/web" }, // the application\n    { "path": "libs/catalog" }\n',
    );
    expect(shop.json('apps/web/tsconfig.json')).toEqual({ references: [{ path: '../../libs/catalog' }] });
    expect(shop.json('nest-cli.json')).toMatchObject({ projects: { catalog: { sourceRoot: 'libs/catalog/src' } } });
  });

  it('exports its entities where it is a package', () => {
    const shop = monorepo();
    generateApp(shop, { name: 'catalog', path: 'libs' });
    const again = new Project(shop.tree);
    generateEntity(again, { name: 'catalog/product' });
    generateEntity(again, { name: 'catalog/brand' });
    expect(again.read('libs/catalog/src/index.ts').split('\n')).toEqual([
      "export { Brand } from './brand.entity.js';",
      "export { CatalogModule } from './catalog.module.js';",
      "export { Product } from './product.entity.js';",
      '',
    ]);
  });

  it.each([
    ['../libs', /is no folder of this project/],
    ['packages', /neither below apps\/web\/src nor a folder of the workspace/],
    ['apps/web', /neither below/],
  ])('goes nowhere else: %s', (path, message) => {
    expect(() => generateApp(monorepo(), { name: 'catalog', path })).toThrow(message);
  });

  it('has a name that no other app has', () => {
    const shop = project({ 'package.json': '{}', 'src/main.ts': SETTINGS });
    generateApp(shop, { name: 'catalog' });
    expect(() => generateApp(shop, { name: 'Catalog', path: 'other' })).toThrow(
      'There is an app "catalog" already, in src/catalog/catalog.module.ts',
    );
  });
});
