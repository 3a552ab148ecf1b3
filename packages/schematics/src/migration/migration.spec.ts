import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { migrationSource } from '../../../bowerbird/src/orm/migrations/writer/write-migration.js';
import { Project } from '../project/project.js';
import { generateMigration } from './index.js';

const FOLDER = 'src/migrations/catalog';

function shop(migrations: readonly string[], options = ''): Project {
  const tree = new UnitTestTree(Tree.empty());
  tree.create('src/catalog/catalog.module.ts', `@App({ name: 'catalog'${options} })\nexport class CatalogModule {}\n`);
  for (const name of migrations) tree.create(`${FOLDER}/${name}`, '');
  return new Project(tree);
}

/** The dependencies of the migration that is written, as its text has them. */
function dependency(project: Project, file: string): string | undefined {
  generateMigration(project, { app: 'catalog', name: 'fill-prices' });
  return /dependencies: (.*),/.exec(project.read(file))?.[1];
}

describe('an empty migration', () => {
  it('is the first one, or follows the last one', () => {
    expect(dependency(shop([]), `${FOLDER}/0001_fill_prices.ts`)).toBeUndefined();
    expect(dependency(shop(['0001_initial.ts', '0002_tags.ts']), `${FOLDER}/0003_fill_prices.ts`)).toBe(
      "[['catalog', '0002_tags']]",
    );
  });

  it('is the one that makemigrations --empty writes', () => {
    const project = shop(['0001_initial.ts']);
    generateMigration(project, { app: 'catalog', name: 'prices' });
    const migration = { app: 'catalog', name: 'prices', operations: [] };
    const dependencies = [['catalog', '0001_initial']] as const;
    expect(project.read(`${FOLDER}/0002_prices.ts`)).toBe(
      migrationSource({ ...migration, dependencies }, 'bowerbird/orm'),
    );
  });

  it('follows a squashed one that stands beside what it replaces', () => {
    const names = ['0001_initial.ts', '0002_tags.ts', '0001_squashed_0002_tags.ts'];
    expect(dependency(shop(names), `${FOLDER}/0003_fill_prices.ts`)).toBe("[['catalog', '0001_squashed_0002_tags']]");
  });

  it('goes where the app says, and is named by the file that names the newest', () => {
    const project = shop([], ", migrations: new URL('./history/', import.meta.url)");
    project.create('src/catalog/history/0004_tags.ts', '');
    project.create('src/catalog/history/latest.txt', '0004_tags\n');
    expect(dependency(project, 'src/catalog/history/0005_fill_prices.ts')).toBe("[['catalog', '0004_tags']]");
    expect(project.read('src/catalog/history/latest.txt')).toBe('0005_fill_prices\n');
  });

  it.each([
    [shop(['0002_a.ts', '0002_b.ts']), /two last migrations: 0002_a and 0002_b\n→ .*makemigrations catalog --merge/],
    [shop([], ', migrations: FILES'), /does not say in plain words/],
    [shop([], ', migrations: false'), /The app "catalog" has no migrations/],
  ])('is refused where its place is not known', (project, message) => {
    expect(() => generateMigration(project, { name: 'catalog/x' })).toThrow(message);
  });
});
