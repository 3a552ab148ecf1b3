import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { Project } from '../project/project.js';
import { generateAdmin } from './index.js';

const ENTITY = 'src/shop/item.entity.ts';

/** What the class says of the admin, and what is left on the entity. */
function generated(decorator: string, imports = "import { Admin } from 'bowerbird';\n"): readonly [string, string] {
  const tree = new UnitTestTree(Tree.empty());
  const column = "  @Column({ length: 9 })\n  name: string;\n\n  @Column({ type: 'text' })\n  body: string;\n";
  const entity = (head: string, body: string): string => `${head}@Entity()\n${body}export class Item {\n${column}}\n`;
  tree.create(ENTITY, entity(imports, decorator));
  tree.create(
    'src/shop/shop.module.ts',
    "import { Item } from './item.entity.js';\n@App({ name: 'shop', entities: [Item] })\n@Module({})\nexport class ShopModule {}\n",
  );
  generateAdmin(new Project(tree), { name: 'shop/item' });
  const [, options] = /@AdminFor\(Item, ([^]*)\)\nexport/.exec(tree.readText('src/shop/item.admin.ts'))!;
  return [options!, tree.readText(ENTITY).replace(column, '')];
}

describe('an admin class', () => {
  it('takes what @Admin says on the entity, as it is written', () => {
    const options = "{\n  // what people look for\n  list: ['name'],\n}";
    expect(generated(`@Admin(${options})\n`)).toEqual([options, '@Entity()\nexport class Item {\n}\n']);
  });

  it('breaks a line that gets too long', () => {
    const list = "['name', 'body', 'created', 'changed', 'published', 'hidden', 'featured', 'price', 'weight']";
    const [options] = generated(`@Admin({ list: ${list}, search: ['n'] })\n`);
    expect(options).toBe(`{\n  list: ${list},\n  search: ['n'],\n}`);
  });

  it('begins with what suits the columns where nothing is said', () => {
    expect(generated('', '')).toEqual(["{ list: ['name'], search: ['name'] }", '@Entity()\nexport class Item {\n}\n']);
  });

  it('leaves options alone that speak of other things of their file', () => {
    expect(() => generated('@Admin({ list: COLUMNS })\n')).toThrow(/is more than plain values\n→ Move its options/);
  });
});
