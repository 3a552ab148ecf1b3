import { posix } from 'node:path';

import ts from 'typescript';

import { snake } from '../names/words.js';
import { appNamed, decoratorObject, onlyApp, type AppSource } from '../project/apps.js';
import { type Project } from '../project/project.js';
import { ruleOf } from '../project/rule.js';
import { type PartOptions } from '../project/target.js';
import { SchematicError } from '../schematic-error.js';
import { propertyOf } from '../syntax/lists.js';
import { numberedNames, type NumberedName } from './numbered-names.js';

/** The file that names the newest migration, where an app keeps one. */
const LATEST = 'latest.txt';

/** Writes a migration without operations after the last one of an app, as `makemigrations --empty` does. */
export function generateMigration(project: Project, options: PartOptions): readonly string[] {
  const { app, name } = wish(project, options);
  const folder = folderOf(project, app);
  const existing = numberedNames(project, folder);
  const last = lastOf(existing, app);
  const file = `${String((last?.number ?? 0) + 1).padStart(4, '0')}_${name}`;
  project.create(posix.join(folder, `${file}.ts`), migrationCode(app, last));
  const latest = posix.join(folder, LATEST);
  if (project.has(latest)) project.change(latest, `${file}\n`);
  return ['Next: write its operations, then migrate.'];
}

/** The rule that the devkit runs. */
export const main = ruleOf<PartOptions>(generateMigration);

function wish(
  project: Project,
  { name = '', app, path }: PartOptions,
): { readonly app: AppSource; readonly name: string } {
  const parts = name.trim().split('/');
  const said = parts.length === 2 ? parts[0] : (app ?? path);
  const own = snake(parts.at(-1)!) || 'custom';
  if (parts.length > 2 || !/^[a-z]\w{0,59}$/.test(own) || !/^[\w-]*$/.test(parts.at(-1)!)) {
    throw new SchematicError(`"${name}" is no name for a migration`, 'Letters, digits and _, beginning with a letter');
  }
  return { app: said === undefined || said === '' ? onlyApp(project) : appNamed(project, snake(said)), name: own };
}

/** Where the migrations of an app are: what `@App` says, or the folder of the tutorial. */
function folderOf(project: Project, app: AppSource): string {
  const usual = posix.join(project.sourceRoot, 'migrations', app.name);
  const object = decoratorObject(project.source(app.path), app, 'App');
  const said = object && propertyOf(object, 'migrations');
  if (!said) return usual;
  if (said.kind === ts.SyntaxKind.FalseKeyword) throw new SchematicError(`The app "${app.name}" has no migrations`);
  const [first, second] = ts.isNewExpression(said) ? (said.arguments ?? []) : [];
  if (first && ts.isStringLiteralLike(first) && second?.getText() === 'import.meta.url') {
    return posix.join(app.folder, first.text).replace(/\/$/, '');
  }
  throw new SchematicError(
    `${app.path} does not say in plain words where the migrations of "${app.name}" are`,
    `Run makemigrations ${app.name} --empty, which asks the application itself`,
  );
}

/** @throws SchematicError where two branches each have a last one */
function lastOf(existing: readonly NumberedName[], { name }: AppSource): NumberedName | undefined {
  const highest = Math.max(0, ...existing.map(({ number }) => number));
  const last = existing.filter(({ number }) => number === highest);
  // A squashed migration stands beside those that it replaces, until they are deleted.
  const lasting = last.find((each) => each.squashed) ?? last[0];
  if (last.filter(({ squashed }) => !squashed).length < 2) return lasting;
  throw new SchematicError(
    `The app "${name}" has two last migrations: ${last.map((each) => each.name).join(' and ')}`,
    `Join them first: makemigrations ${name} --merge`,
  );
}

function migrationCode({ name }: AppSource, last: NumberedName | undefined): string {
  const dependencies = last ? `  dependencies: [['${name}', '${last.name}']],\n` : '';
  return [
    "import { Migration } from 'bowerbird/orm';\n",
    '\nexport default new Migration({\n',
    dependencies,
    '  operations: [],\n',
    '});\n',
  ].join('');
}
