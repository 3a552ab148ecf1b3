import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';

import { type Dialect } from 'bowerbird/orm';
import { type TestClient, type TestDatabase } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, DIALECTS } from '../../support/databases.js';
import { MadeProject, run, type Ended } from '../../support/projects/made-project.js';
import { installPacked } from '../../support/projects/packed-packages.js';

const TEMPLATES = ['default', 'api', 'full'] as const;
const JSON_PLEASE = { headers: { accept: 'application/json' } };

type Template = (typeof TEMPLATES)[number];

/** What a visitor finds in a new project. */
const FIRST_PAGES: Readonly<Record<Template, (visitor: TestClient) => Promise<void>>> = {
  default: signGuestbook,
  full: signGuestbook,
  api: async (visitor) => {
    const root = (await visitor.get('/', JSON_PLEASE)).json<Record<string, string>>();
    const tasks = await visitor.get(root.tasks!, JSON_PLEASE);
    expect(tasks.status).toBe(200);
    expect(tasks.header('content-type')).toContain('json');
    expect((await visitor.get(root.docs!, { follow: true })).text).toContain('swagger');
  },
};

async function signGuestbook(visitor: TestClient): Promise<void> {
  expect((await visitor.get('/')).text).toContain('is up and running');
  expect((await visitor.get('/static/guestbook/guestbook.css')).status).toBe(200);
  const signed = await visitor.submit('/', { name: 'Ada', message: 'What a tidy nest!' });
  expect(signed.location).toBe('/');
}

/** Other suites may keep the machine busy meanwhile. */
const PATIENCE_MS = 120_000;

let home: string;
const databases: TestDatabase[] = [];
const projects = new Map<string, MadeProject>();

const projectOf = (template: Template, dialect: Dialect): MadeProject => projects.get(`${template} ${dialect}`)!;

beforeAll(async () => {
  home = await installPacked();
  for (const dialect of DIALECTS) {
    mkdirSync(join(home, dialect));
    await Promise.all(TEMPLATES.map((template) => make(template, dialect)));
  }
  await compile();
}, PATIENCE_MS);
afterAll(async () => {
  for (const project of projects.values()) project.leave();
  for (const database of databases) await database.drop();
  rmSync(home, { recursive: true, force: true });
});

async function make(template: Template, dialect: Dialect): Promise<void> {
  // Databases for tests begin with the name of the project; the end of the whole run removes them by that.
  const name = `bowerbird-${process.env.BOWERBIRD_TEST_RUN!.replace('_', '-')}-${template}`;
  const program = join(home, 'node_modules/create-bowerbird/dist/main.js');
  const options = ['--template', template, '--database', dialect, '--no-git', '--no-install'];
  succeeds(await run(join(home, dialect), {}, program, name, ...options));
  const variables = dialect === 'sqlite' ? {} : await serverFor(dialect);
  projects.set(`${template} ${dialect}`, new MadeProject(join(home, dialect, name), variables));
}

/** What the environment says wins over the address in `.env`, which is that of a container. */
async function serverFor(dialect: Dialect): Promise<Readonly<Record<string, string>>> {
  const database = await createDatabase(dialect);
  databases.push(database);
  return { DATABASE_URL: database.url };
}

/**
 * Compiles a project of each template with its tests, as `tsc` does in them, but in one run: reading the types of what
 * they stand on takes most of the time. The sources are the same on every database.
 */
async function compile(): Promise<void> {
  const [first, ...others] = DIALECTS;
  const folders = TEMPLATES.map((template) => projectOf(template, first!).folder);
  const compilerOptions = { rootDir: home, outDir: join(home, 'compiled') };
  const include = folders.flatMap((folder) => [`${folder}/src`, `${folder}/test`]);
  const config = { extends: join(folders[0]!, 'tsconfig.json'), compilerOptions, include };
  writeFileSync(join(home, 'tsconfig.json'), JSON.stringify(config));
  succeeds(await tool(home, 'typescript/bin/tsc'));
  for (const folder of folders) {
    const compiled = join(compilerOptions.outDir, relative(home, folder), 'src');
    for (const same of [folder, ...others.map((dialect) => join(home, dialect, basename(folder)))]) {
      expect(contentOf(join(same, 'src'))).toEqual(contentOf(join(folder, 'src')));
      cpSync(compiled, join(same, 'dist'), { recursive: true });
    }
  }
}

/** Every file of a folder with its content. */
function contentOf(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => join(folder, path))
    .filter((path) => statSync(path).isFile())
    .sort();
  return Object.fromEntries(files.map((path) => [path.slice(folder.length), readFileSync(path, 'utf8')]));
}

/** Runs a program of an installed package. */
function tool(folder: string, program: string, ...args: readonly string[]): Promise<Ended> {
  return run(folder, {}, join(home, 'node_modules', program), ...args);
}

function succeeds({ code, shown }: Ended): string {
  expect(code, shown).toBe(0);
  return shown;
}

describe.each(DIALECTS)('projects on %s', (dialect) => {
  it.concurrent.each(TEMPLATES)(
    'migrate, serve and stop: %s',
    async (template) => {
      const project = projectOf(template, dialect);
      succeeds(await project.manage('migrate'));
      const ended = await project.serve(async (visitor) => {
        expect((await visitor.get('/health/ready')).status).toBe(200);
        expect((await visitor.get('/admin/')).location).toContain('/accounts/login/');
        expect((await visitor.get('/accounts/login/')).status).toBe(200);
        await FIRST_PAGES[template](visitor);
      });
      // Nothing to warn of: the migrations agree with the entities.
      expect(succeeds(ended)).not.toMatch(/WARN|[a-z]+\.[EW]\d{3}/);
    },
    PATIENCE_MS,
  );

  it(
    'pass their tests',
    async () => {
      const { variables } = projectOf('default', dialect);
      const options = ['run', '--no-isolate', '--max-workers=1'];
      const shown = succeeds(
        await run(join(home, dialect), variables, join(home, 'node_modules/vitest/vitest.mjs'), ...options),
      );
      expect(shown).toMatch(/Test Files +3 passed[^]*Tests +21 passed/);
    },
    PATIENCE_MS,
  );
});

describe('projects', () => {
  /** One of each template, and of each database where there are three, below the home of all. */
  const chosen = (): readonly string[] =>
    TEMPLATES.map((template, index) => relative(home, projectOf(template, DIALECTS[index % DIALECTS.length]!).folder));

  it(
    'are linted',
    async () => {
      // Each by the rules that lie in it: one mistake shows that they count.
      const mistake = join(home, chosen()[0]!, 'src/mistake.ts');
      writeFileSync(mistake, 'export const mistake: any = 1;\n');
      const { shown } = await tool(home, 'oxlint/bin/oxlint', '--type-aware', ...chosen());
      rmSync(mistake);
      expect(shown).toMatch(/no-explicit-any[^]*mistake\.ts[^]*Found 0 warnings and 1 error\./);
    },
    PATIENCE_MS,
  );

  it(
    'are formatted',
    async () => {
      const ignored = chosen().flatMap((folder) => ['--ignore-path', `${folder}/.prettierignore`]);
      succeeds(await tool(home, 'prettier/bin/prettier.cjs', '--check', ...ignored, ...chosen()));
    },
    PATIENCE_MS,
  );
});
