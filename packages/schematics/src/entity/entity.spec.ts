import { Tree } from '@angular-devkit/schematics';
import { UnitTestTree } from '@angular-devkit/schematics/testing/index.js';
import { describe, expect, it } from 'vitest';

import { Project } from '../project/project.js';
import { parseFields } from './field-spec.js';
import { generateEntity, type EntityOptions } from './index.js';

const module = (name: string, className: string): string =>
  `import { Module } from '@nestjs/common';\nimport { App } from 'bowerbird';\n\n@App({ name: '${name}', entities: [] })\n@Module({})\nexport class ${className} {}\n`;

function shop(): Project {
  const tree = new UnitTestTree(Tree.empty());
  tree.create('src/catalog/catalog.module.ts', module('catalog', 'CatalogModule'));
  tree.create('src/sales/sales.module.ts', module('sales', 'SalesModule'));
  return new Project(tree);
}

const generate = (project: Project, options: EntityOptions): readonly string[] => generateEntity(project, options);

describe('an entity', () => {
  it('is found by the app in its name, by --app, and by what the Nest CLI calls a path', () => {
    const project = shop();
    generate(project, { name: 'catalog/category' });
    generate(project, { name: 'Product', app: 'catalog', fields: ['title:string:120', 'category:relation:Category'] });
    generate(project, { name: 'invoice', path: 'sales' });
    generate(project, { name: 'sales/line', path: 'price:decimal,product:relation:Product,count:int:default(1)' });
    expect(project.read('src/catalog/catalog.module.ts')).toContain('entities: [Category, Product]');
    expect(project.read('src/sales/sales.module.ts')).toContain('entities: [Invoice, Line]');
    expect(project.read('src/catalog/product.entity.ts')).toContain(
      '  @Column({ length: 120 })\n  title: string;\n\n  @ManyToOne(() => Category, { nullable: false })\n  category: Relation<Category>;\n',
    );
  });

  it('refers to one of another app, whose module its test needs', () => {
    const project = shop();
    generate(project, { name: 'catalog/product' });
    generate(project, { name: 'sales/line', fields: 'product:relation(catalog.Product)' });
    expect(project.read('src/sales/line.entity.ts')).toContain(
      "import { Product } from '../catalog/product.entity.js';",
    );
    expect(project.read('test/sales/line.entity.spec.ts')).toContain(
      'createTestApp({ apps: [SalesModule, CatalogModule] })',
    );
  });

  it('is tested on the database that the tests of the project have', () => {
    const project = shop();
    project.create('test/database.ts', "export const database = () => workerDatabase('sqlite');\n");
    generate(project, { name: 'catalog/product' });
    const test = project.read('test/catalog/product.entity.spec.ts');
    expect(test).toContain("import { database } from '../database.js';");
    expect(test).toContain('createTestApp({ apps: [CatalogModule] }, { database });');
  });

  it('has no line that is too long', () => {
    const project = shop();
    const status = 'deliveryStatus:enum(waiting-for-supplier,delivered):default(waiting-for-supplier)';
    generate(project, { name: 'catalog/purchase-order-line', fields: [status] });
    expect(project.read('src/catalog/purchase-order-line.entity.ts')).toContain(
      [
        '  @Column({',
        "    type: 'simple-enum',",
        '    enum: PurchaseOrderLineDeliveryStatus,',
        '    default: PurchaseOrderLineDeliveryStatus.WaitingForSupplier,',
        '  })',
      ].join('\n'),
    );
  });

  it('is the same when it is generated twice', () => {
    const project = shop();
    generate(project, { name: 'catalog/product', fields: ['status:enum(draft,live)'] });
    const before = project.read('src/catalog/catalog.module.ts');
    generate(project, { name: 'catalog/product', fields: ['status:enum(draft,live)'] });
    expect(project.read('src/catalog/catalog.module.ts')).toBe(before);
    expect(() => generate(project, { name: 'catalog/product', fields: ['other:text'] })).toThrow(/exists already/);
  });

  it.each([
    [{ name: 'product' }, /It is not said which app/],
    [{ name: 'shop/product' }, /There is no app "shop"\n→ Apps: catalog, sales/],
    [{ name: 'a/b/c' }, /is no name for an entity/],
    [{ name: '../product', app: 'catalog' }, /is no name for an entity/],
    [{ name: '' }, /An entity needs a name/],
    [{ name: 'catalog/product', fields: 'tag:relation(Tag)' }, /There is no entity Tag\n→ .*make:entity catalog Tag/],
    [{ name: 'catalog/product', fields: 'parent:relation(Product)' }, /"parent" must be optional/],
  ])('%j is refused', (options, message) => {
    expect(() => generate(shop(), options)).toThrow(message);
  });
});

describe('fields', () => {
  it('are read with arguments in parentheses or without', () => {
    expect(parseFields(['price:decimal(8,2):optional'])[0]).toMatchObject({ args: ['8', '2'], optional: true });
    expect(parseFields(['price:decimal:8:2:optional'])[0]).toMatchObject({ args: ['8', '2'], optional: true });
    expect(parseFields(['status:enum:draft:live:default:live'])[0]).toMatchObject({
      values: ['draft', 'live'],
      fallback: 'live',
    });
    expect(parseFields(['title'])[0]).toMatchObject({ name: 'title', args: [] });
  });

  it.each([
    ['title:strng', /there is no type "strng"\n→ Types: string, text/],
    ['title:string(many)', /takes whole numbers, at most 1/],
    ['active:boolean(1)', /takes nothing in parentheses/],
    ['title:string:optinal', /"string" takes whole numbers/],
    ['title:string:optional:much', /"much" says nothing about a field\n→ optional, unique, index, default\(value\)/],
    ['count:int:default(many)', /"many" is no default for "int"/],
    ["title:string:default(it's)", /is no default/],
    ['status:enum', /an enum needs different words/],
    ['status:enum(a,a)', /an enum needs different words/],
    ['status:enum(a):default(b)', /is none of its words/],
    ['category:relation', /a relation needs the class of an entity/],
    ['category:relation(../x)', /a relation needs the class/],
    ['title:string;drop', /cannot be read/],
    ['a:int a:int', /"a" is given twice/],
  ])('%s is refused', (text, message) => {
    expect(() => parseFields(text.split(' '))).toThrow(message);
  });
});
