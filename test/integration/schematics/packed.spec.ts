import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { run, type Ended } from '../../support/projects/made-project.js';
import { installPacked } from '../../support/projects/packed-packages.js';
import { blocksOf, ROOT } from '../docs/markdown.js';

const MODULES = join(ROOT, 'node_modules');
const SECRETS = { SECRET_KEY: 'a-secret-key-for-tests-that-is-long-enough-for-all-0123456789' };

const MAIN = [
  "import { manage } from 'bowerbird/manage';",
  '',
  "await manage(async () => (await import('./app.module.js')).AppModule);",
  '',
].join('\n');

const APP_MODULE = [
  "import { Module } from '@nestjs/common';",
  "import { environment, FrameworkModule } from 'bowerbird';",
  '',
  'const env = environment(process.env);',
  '',
  "@Module({ imports: [FrameworkModule.forRoot({ secretKey: env.secret('SECRET_KEY'), apps: [] })] })",
  'export class AppModule {}',
  '',
].join('\n');

const FIELDS = [
  'title:string price:decimal(8,2) category:relation(Category) status:enum(draft,live):default(draft) contact:email',
  'released:date:optional photo:image:optional tags:many(Category):optional owner:relation(User):optional',
  'inStock:boolean extra:json:optional seenAt:datetime:index',
].join(' ');

/** An entry that takes several command lines. */
const GENERATE = `
import { manage } from 'bowerbird/manage';

for (const line of process.argv.slice(2)) {
  await manage(() => Promise.reject(new Error('asked')), { argv: line.split(' ') });
  if (process.exitCode !== 0) break;
}
`;

let home: string;
let project: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}
const read = (path: string): string => readFileSync(join(project, path), 'utf8');

/** Runs a script of Node in the project; it must end well. */
async function succeed(script: string, ...args: readonly string[]): Promise<string> {
  const { code, shown } = await run(project, SECRETS, script, ...args);
  expect(code, `${script} ${args.join(' ')}\n${shown}`).toBe(0);
  return shown;
}
const nest = (...args: readonly string[]): Promise<string> =>
  succeed(join(MODULES, '@nestjs/cli/bin/nest.js'), 'generate', '-c', '@bowerbird/schematics', ...args);
/** Runs verbs, one after the other. They need nothing that is compiled. */
const manage = (...lines: readonly string[]): Promise<string> => succeed('generate.js', ...lines);

beforeAll(async () => {
  home = await installPacked();
  project = join(home, 'shop');
  const configs = blocksOf('docs/intro/tutorial.md').filter(({ language }) => language === 'json');
  for (const { marks, code } of configs) write(marks[0]!.replace('file=', ''), code);
  write(
    'tsconfig.all.json',
    '{ "extends": "./tsconfig.json", "compilerOptions": { "rootDir": "." }, "include": ["src", "test"] }',
  );
  write('nest-cli.json', '{ "sourceRoot": "src" }\n');
  write('src/app.module.ts', APP_MODULE);
  write('src/main.ts', MAIN);
  write('generate.js', GENERATE);
}, 180_000);
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the packed generators', () => {
  it('make an app by the Nest CLI and by the application itself', async () => {
    await nest('app', 'catalog');
    await nest('entity', 'catalog/category', 'name:string:unique');
    await manage(
      `make:entity catalog Product ${FIELDS}`,
      'make:admin catalog Product',
      'make:serializer catalog Product',
      'make:viewset catalog Product',
      'make:viewset catalog Category',
      'make:form catalog Contact name email:email topic:enum(sales,help) age:int:optional',
      'make:form catalog Product --entity Product',
      'make:command catalog reprice --description Change-the-prices',
      'make:job catalog resize-photo --queue photos --attempts 8',
      'make:notification catalog back-in-stock',
      'make:notification catalog sold-out --channels database,log',
      'make:middleware catalog timing',
      'make:migration catalog fill_prices',
      'make:test catalog checkout',
    );
    expect(read('src/app.module.ts')).toContain('apps: [CatalogModule]');
    expect(read('src/catalog/catalog.module.ts')).toContain(
      'providers: [ProductAdmin, ProductSerializer, ProductForms, RepriceCommand, ResizePhotoJob, TimingMiddleware],',
    );
    expect(read('src/catalog/catalog.module.ts')).toContain("templates: new URL('../../templates/', import.meta.url)");
    expect(read('templates/catalog/back-in-stock.html.hbs')).toBe('<p>{{title}}</p>\n');
    expect(read('src/catalog/product.entity.ts')).not.toContain('Admin');
  }, 120_000);

  it('write what compiles strictly, what linters and formatters leave alone, and tests that pass', async () => {
    await succeed(join(MODULES, 'typescript/bin/tsc'), '-p', 'tsconfig.all.json', '--noEmit');
    const [lint, format] = [join(MODULES, 'oxlint/bin/oxlint'), join(MODULES, 'prettier/bin/prettier.cjs')];
    await succeed(lint, '--type-aware', '-c', join(ROOT, '.oxlintrc.json'), 'src', 'test');
    await succeed(format, '--check', '--config', join(ROOT, '.prettierrc.json'), 'src', 'test');
    const shown = await succeed(
      join(MODULES, 'vitest/vitest.mjs'),
      'run',
      '--dir',
      'test',
      '--no-isolate',
      '--maxWorkers=1',
    );
    expect(shown).toMatch(/Test Files\s+15 passed/);
  }, 120_000);
});

describe('the entry', () => {
  const made: string[] = [];
  afterAll(() => {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  });

  /** Generates an app in a project of its own that has not all of the packages. */
  async function startApp(hidden: RegExp): Promise<Ended> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'generators-')));
    made.push(folder);
    link(join(home, 'node_modules'), join(folder, 'node_modules'), '', hidden);
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'main.js'), MAIN);
    writeFileSync(join(folder, 'src/app.module.ts'), APP_MODULE);
    // Packages are links to those of the other project, whose neighbors must stay out of sight.
    return run(folder, {}, '--preserve-symlinks', '--preserve-symlinks-main', 'main.js', 'startapp', 'catalog');
  }
  function link(from: string, to: string, scope: string, hidden: RegExp): void {
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from)) {
      if (scope === '' && name.startsWith('@')) link(join(from, name), join(to, name), `${name}/`, hidden);
      else if (!hidden.test(scope + name)) symlinkSync(join(from, name), join(to, name));
    }
  }

  it('generates without Nest, TypeORM and Express', async () => {
    const { code, shown } = await startApp(/^(@nestjs\/(common|core|platform-express)|typeorm|express)$/);
    expect(shown).toContain('CREATE src/catalog/catalog.module.ts');
    expect(code).toBe(0);
  });

  it('says which package is missing, and how to get it', async () => {
    const { code, shown } = await startApp(/^@bowerbird\/schematics$/);
    expect(shown).toContain('core.missing_peer: Generating code needs the package "@bowerbird/schematics"');
    expect(shown).toContain('→ npm install @bowerbird/schematics');
    expect(code).toBe(1);
  });
});
