import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { addEntity, addProvider } from './app-edits.js';
import { appNamed } from './apps.js';
import { Project } from './project.js';

const PATH = 'src/catalog/catalog.module.ts';
const IMPORTS = "import { Module } from '@nestjs/common';\nimport { App } from 'bowerbird';\n";

function withModule(text: string): Project {
  const tree = new UnitTestTree(Tree.empty());
  tree.create(PATH, text);
  return new Project(tree);
}

/** The module after an entity was added, twice. */
function withProduct(text: string): string {
  const project = withModule(text);
  const add = (): void => addEntity(project, appNamed(project, 'catalog'), 'Product', 'src/catalog/product.entity.ts');
  add();
  const once = project.read(PATH);
  add();
  expect(project.read(PATH)).toBe(once);
  return once;
}

/** The same without the imports, for decorators alone. */
const decorated = (decorators: string): string =>
  withProduct(`${IMPORTS}\n${decorators}\nexport class CatalogModule {}\n`)
    .split('\n\n')
    .slice(2)
    .join('\n\n')
    .replace('\nexport class CatalogModule {}\n', '');

describe('an entity is listed in its app', () => {
  it('behind the others, with its import', () => {
    expect(
      withProduct(`${IMPORTS}\n@App({ name: 'catalog', entities: [] })\n@Module({})\nexport class CatalogModule {}\n`),
    ).toBe(
      `${IMPORTS}\nimport { Product } from './product.entity.js';\n\n@App({ name: 'catalog', entities: [Product] })\n@Module({})\nexport class CatalogModule {}\n`,
    );
  });

  it.each([
    ['without a list', "@App({ name: 'catalog' })", "@App({ name: 'catalog', entities: [Product] })"],
    [
      'on one line',
      "@App({ name: 'catalog', entities: [A, B] })",
      "@App({ name: 'catalog', entities: [A, B, Product] })",
    ],
    [
      'with a comma at the end',
      "@App({ name: 'catalog', entities: [A,] })",
      "@App({ name: 'catalog', entities: [A, Product,] })",
    ],
    [
      'on lines of their own, with comments',
      "@App({\n  name: 'catalog',\n  entities: [\n    A, // the first\n    /* and */ B, // the last\n  ],\n})",
      "@App({\n  name: 'catalog',\n  entities: [\n    A, // the first\n    /* and */ B, // the last\n    Product,\n  ],\n})",
    ],
    [
      'without a comma at the end',
      "@App({\n  name: 'catalog',\n  entities: [\n    A,\n    B // the last\n  ]\n})",
      "@App({\n  name: 'catalog',\n  entities: [\n    A,\n    B, // the last\n    Product\n  ]\n})",
    ],
    [
      'beside others that are spread',
      "@App({ name: 'catalog', entities: [...OLD] })",
      "@App({ name: 'catalog', entities: [...OLD, Product] })",
    ],
    [
      'in an empty list with a comment',
      "@App({ name: 'catalog', entities: [/* soon */] })",
      "@App({ name: 'catalog', entities: [\n  /* soon */\n  Product,\n] })",
    ],
  ])('%s', (_, before, after) => {
    expect(decorated(before)).toBe(after);
  });

  it('on lines of their own where one line gets too long', () => {
    const names = ['Category', 'Manufacturer', 'PriceList', 'Warehouse', 'StockMovement', 'Supplier', 'Delivery'];
    expect(decorated(`@App({ name: 'catalog', entities: [${names.join(', ')}] })`)).toBe(
      `@App({\n  name: 'catalog',\n  entities: [${[...names, 'Product'].join(', ')}],\n})`,
    );
  });

  it('in the style of the file: its quotes, its line ends, no semicolons', () => {
    const text =
      'import { App } from "bowerbird"\r\n\r\n@App({\r\n  name: "catalog",\r\n  entities: []\r\n})\r\nexport class CatalogModule {}\r\n';
    expect(withProduct(text)).toBe(
      'import { App } from "bowerbird"\r\n\r\nimport { Product } from "./product.entity.js"\r\n\r\n@App({\r\n  name: "catalog",\r\n  entities: [Product]\r\n})\r\nexport class CatalogModule {}\r\n',
    );
  });

  it('among the imports in their order, types behind the rest', () => {
    const text = `${IMPORTS}\nimport { Author } from './author.entity.js';\nimport { Tag } from './tag.entity.js';\n\n@App({ name: 'catalog', entities: [Author, Tag] })\nexport class CatalogModule {}\n`;
    expect(withProduct(text)).toContain(
      "author.entity.js';\nimport { Product } from './product.entity.js';\nimport { Tag }",
    );
  });
});

describe('nothing is written and the user is told what to do', () => {
  it.each([
    [
      'a list that is somewhere else',
      `${IMPORTS}@App({ name: 'catalog', entities: ENTITIES })\nclass CatalogModule {}\n`,
      /add Product there by hand/,
    ],
    [
      'a shorthand',
      `${IMPORTS}@App({ name: 'catalog', entities })\nclass CatalogModule {}\n`,
      /add Product there by hand/,
    ],
    [
      'another class of the same name',
      `${IMPORTS}import { Product } from 'shop';\n@App({ name: 'catalog', entities: [] })\nclass CatalogModule {}\n`,
      /imports another Product, from 'shop'/,
    ],
  ])('for %s', (_, text, message) => {
    const project = withModule(text);
    expect(() => addEntity(project, appNamed(project, 'catalog'), 'Product', 'src/catalog/product.entity.ts')).toThrow(
      message,
    );
    expect(project.read(PATH)).toBe(text);
  });

  it('for a provider of a class without @Module', () => {
    const project = withModule(`${IMPORTS}@App({ name: 'catalog' })\nclass CatalogModule {}\n`);
    expect(() => addProvider(project, appNamed(project, 'catalog'), 'A', 'src/catalog/a.ts')).toThrow(
      /`providers` of @Module/,
    );
  });

  it('for an app that is not there', () => {
    expect(() => appNamed(withModule(`${IMPORTS}@App({ name: 'catalog' })\nclass CatalogModule {}\n`), 'blog')).toThrow(
      'There is no app "blog"\n→ Apps: catalog. Make it first: startapp blog',
    );
  });
});
