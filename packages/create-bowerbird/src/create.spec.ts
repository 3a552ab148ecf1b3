import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { type Answers } from './answers/answers.js';
import { DATABASES, PACKAGE_MANAGERS, TEMPLATES } from './answers/choices.js';
import { readCommandLine } from './answers/command-line.js';
import { equivalentCommand, projectFiles } from './create.js';
import { describeProject } from './project/project.js';
import { createSecrets } from './project/secrets.js';

const keys = <T extends object>(choices: T): (keyof T)[] => Object.keys(choices) as (keyof T)[];

const ANSWERS: readonly Answers[] = keys(TEMPLATES).flatMap((template) =>
  keys(DATABASES).flatMap((database) =>
    keys(PACKAGE_MANAGERS).map((packageManager) => ({
      name: '@acme/my-shop',
      template,
      database,
      packageManager,
      git: true,
      install: false,
    })),
  ),
);

function made(answers: Answers) {
  const target = { name: answers.name, folder: '/nowhere', exists: false };
  const project = describeProject(target, answers, '1.22.22', createSecrets());
  const files = new Map(projectFiles(project).map((file) => [file.path, file]));
  return { project, files, text: (path: string) => files.get(path)!.text };
}

interface Compose {
  readonly services: Readonly<Record<string, { readonly image?: string; readonly environment: object }>>;
}

describe.each(ANSWERS)('a project of $template on $database by $packageManager', (answers) => {
  const { project, files, text } = made(answers);

  it('has its secrets in .env alone, which git and Docker leave out', () => {
    const { secretKey, databasePassword } = project.secrets;
    const telling = [...files.values()].filter(({ text: told }) => told.includes(secretKey));
    expect(telling.map(({ path, mode }) => [path, mode])).toEqual([['.env', 0o600]]);
    const passwords = [...files.values()].filter(({ text: told }) => told.includes(databasePassword));
    expect(passwords.map(({ path }) => path)).toEqual(answers.database === 'sqlite' ? [] : ['.env']);
    for (const ignored of ['.gitignore', '.dockerignore']) expect(text(ignored)).toMatch(/^\.env$/m);
  });

  it('has containers and a workflow that can be read', () => {
    const compose = parse(text('compose.yaml')) as Compose;
    const database = answers.database === 'sqlite' ? [] : ['database'];
    const further = answers.template === 'full' ? ['mail', 'worker'] : [];
    expect(Object.keys(compose.services).sort()).toEqual(['app', 'migrate', ...database, ...further].sort());
    for (const own of ['migrate', ...further.filter((name) => name !== 'mail')])
      expect(compose.services[own]!.environment).toEqual(compose.services.app!.environment);
    const workflow = parse(text('.github/workflows/ci.yml')) as { jobs: { check: { steps: { run?: string }[] } } };
    const commands = workflow.jobs.check.steps.flatMap(({ run = [] }) => run);
    expect(commands).toContain(`${project.manager.run} test`);
    expect(text('Dockerfile')).toMatch(/^USER node$[^]*^HEALTHCHECK/m);
    expect(text('Dockerfile')).toContain(project.manager.lockFile);
  });

  it('names its packages exactly, and has no word left to fill in', () => {
    const manifest = JSON.parse(text('package.json')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    const versions = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const unfilled = [...files.values()].filter(
      ({ path, text: told }) => /__[A-Z]+__/.test(told) || (!path.endsWith('.ts') && told.includes('undefined')),
    );
    expect(unfilled.map(({ path }) => path)).toEqual([]);
  });

  it('is known to people by its title: in mails, in the admin and in the description of its API', () => {
    const settings = text('src/settings.ts');
    expect(settings).toContain("siteName: 'My shop'");
    expect(settings).toContain("openapi: { title: 'My shop' }");
    expect(settings).toMatch(/admin: \{ title: 'My shop'/);
  });

  it('is made again by the command that is told', () => {
    const words = equivalentCommand(project, answers).split(' ');
    const argv = words.slice(words.indexOf(answers.name)).filter((word) => word !== '--');
    expect(readCommandLine(argv).answers).toEqual(answers);
  });
});

describe('describeProject', () => {
  const named = (name: string) => made({ ...ANSWERS[0]!, name }).project;

  it.each([
    ['shop', 'shop', 'Shop'],
    ['@acme/my-shop', 'my_shop', 'My shop'],
    ['2048', 'app_2048', '2048'],
    ['postgres', 'app_postgres', 'Postgres'],
    ['mysql', 'app_mysql', 'Mysql'],
    ['x'.repeat(60), 'x'.repeat(30), `X${'x'.repeat(59)}`],
  ])('gives %s a database and a title', (name, databaseName, title) => {
    expect(named(name)).toMatchObject({ databaseName, title });
  });

  it('makes other secrets each time', () => {
    const [one, other] = [named('shop').secrets, named('shop').secrets];
    expect(one.secretKey.length).toBeGreaterThanOrEqual(50);
    expect(one.secretKey).not.toBe(other.secretKey);
    expect(one.databasePassword).not.toBe(other.databasePassword);
  });
});
