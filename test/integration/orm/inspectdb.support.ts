import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { type Dialect } from 'bowerbird/orm';
import ts from 'typescript';

import {
  type Catalog,
  type CatalogColumn,
  type CatalogTable,
} from '../../../packages/bowerbird/src/orm/catalog/catalog.js';
import { readCatalog } from '../../../packages/bowerbird/src/orm/catalog/read-catalog.js';
import { MigrationSession } from '../../../packages/bowerbird/src/orm/migrations/run/session.js';
import { openOrm } from '../../support/databases.js';
import { NODE_FLAGS } from '../../support/node-flags.js';

const SCRIPT = fileURLToPath(new URL('./inspectdb-process.ts', import.meta.url));
const FIXTURES = new URL('../../fixtures/', import.meta.url);

/** How a strict project compiles what was written; nothing unused is allowed either. */
const STRICT: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  customConditions: ['bowerbird-source'],
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts'],
  strict: true,
  noUnusedLocals: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: false,
  isolatedModules: true,
  useDefineForClassFields: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
};

/** What a command said. */
export interface CommandAnswer {
  readonly status: number | null;
  readonly text: string;
}

/** A folder in which inspectdb writes, of a project that has nothing but a database. */
export class LegacyProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'modules', 'legacy-'));

  constructor(private readonly url: () => string) {
    const { noEmit: _, lib: __, ...options } = STRICT;
    const compilerOptions = { ...options, module: 'nodenext', moduleResolution: 'nodenext', target: 'es2023' };
    writeFileSync(join(this.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['.'] }));
  }

  /** Runs inspectdb in a process of its own, as people do. */
  inspect(app: string, ...options: readonly string[]): CommandAnswer {
    const own = `sqlite:${join(this.folder, 'own.sqlite')}`;
    const argv = ['inspectdb', '--app', app, '--database', 'old', '--output', this.path(app), ...options];
    const { status, stdout, stderr } = spawnSync(process.execPath, [...NODE_FLAGS, SCRIPT, own, this.url(), ...argv], {
      encoding: 'utf8',
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: '1' },
    });
    return { status, text: `${stdout}${stderr}` };
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  read(...parts: readonly string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  files(app: string): readonly string[] {
    return readdirSync(this.path(app), { recursive: true }).map(String).sort();
  }

  /** The paths of the files of an app. */
  sources(app: string): readonly string[] {
    return this.files(app)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => this.path(app, name));
  }

  /** The modules that were written, as the application imports them. */
  async import<T>(...parts: readonly string[]): Promise<T> {
    return (await import(pathToFileURL(this.path(...parts)).href)) as T;
  }
}

/** What the compiler says against these files; what they import is checked elsewhere. */
export function typeErrors(paths: readonly string[]): readonly string[] {
  const program = ts.createProgram(paths, STRICT);
  return paths.flatMap((path) => {
    const file = program.getSourceFile(path)!;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`);
  });
}

/** Fills a database from one of the files in test/fixtures. */
export async function loadFixture(dialect: Dialect, url: string, folder: string): Promise<void> {
  const text = readFileSync(new URL(`${folder}/${dialect}.sql`, FIXTURES), 'utf8');
  await runScript(dialect, url, text.split(/;\n/));
}

/** Runs statements one after another on one connection, with foreign keys off where they would stand in the way. */
export async function runScript(dialect: Dialect, url: string, statements: readonly string[]): Promise<void> {
  const app = await openOrm({ database: url, entities: [], synchronize: false });
  const runner = app.db.dataSource.createQueryRunner();
  const off: Partial<Record<Dialect, string>> = {
    sqlite: 'PRAGMA foreign_keys = OFF',
    mysql: 'SET FOREIGN_KEY_CHECKS = 0',
  };
  for (const statement of [off[dialect] ?? '', ...statements])
    if (statement.trim() !== '') await runner.query(statement);
  await runner.release();
  await app.close();
}

/** What is in a database now. */
export async function catalogOf(url: string): Promise<Catalog> {
  const app = await openOrm({ database: url, entities: [], synchronize: false });
  const catalog = await MigrationSession.use(app.db, (session) => readCatalog(session));
  await app.close();
  return catalog;
}

/** A catalog without what says the same in other words; tables of the framework itself are left out. */
export function comparable({ dialect, tables, views }: Catalog): Readonly<Record<string, unknown>> {
  const own = tables.filter(({ name }) => !name.startsWith('bowerbird_'));
  return {
    ...Object.fromEntries(own.map((table) => [table.name, comparableTable(dialect, table)])),
    views: views.map(({ name, definition }) => [name, definition]),
  };
}

/** SQLite keeps no names of keys; on it and on MySQL a unique index is a unique set. */
function comparableTable(dialect: Dialect, table: CatalogTable): Readonly<Record<string, unknown>> {
  const named = <T extends { readonly name: string }>({ name, ...rest }: T) =>
    dialect === 'sqlite' ? rest : { name, ...rest };
  const sets = table.indexes.filter((index) => index.unique && index.plain && index.where === undefined);
  const uniques = [
    ...table.uniques,
    ...sets.map(({ name, parts }) => ({ name, columns: parts.map(({ column }) => column!) })),
  ];
  return {
    columns: sorted(table.columns.map((column) => comparableColumn(dialect, column))),
    primaryKey: table.primaryKey && named(table.primaryKey),
    uniques: sorted(uniques.map(named)),
    indexes: sorted(
      table.indexes
        .filter((index) => !sets.includes(index))
        .map((index) => ({ ...index, parts: index.parts.map(comparablePart), definition: '' })),
    ),
    // What leads out of the schema is not inspected.
    foreignKeys: sorted(table.foreignKeys.filter(({ schema }) => schema === undefined).map(named)),
    checks: sorted(table.checks.map(named)),
    comment: table.comment,
    remarks: table.remarks,
  };
}

/** SQLite keeps the parentheses around an expression. */
function comparablePart(
  part: CatalogTable['indexes'][number]['parts'][number],
): CatalogTable['indexes'][number]['parts'][number] {
  const { expression } = part;
  return expression === undefined ? part : { ...part, expression: expression.replace(/^\((.*)\)$/, '$1') };
}

function comparableColumn(dialect: Dialect, column: CatalogColumn): Readonly<Record<string, unknown>> {
  const { name, type, nullable, default: value, generated, expression, comment, onUpdate } = column;
  const now = /^\(?(now\(\)|current_timestamp(\(\d\))?|strftime\(.*\))\)?$/i;
  const text = value?.replace(/^(date\('now'\)|\('now'::text\)::date)$/i, 'CURRENT_DATE') ?? null;
  return {
    name,
    type: dialect === 'sqlite' ? [family(type.name), type.length, type.precision, type.scale] : type.text,
    nullable,
    default: generated === 'increment' ? 'counts' : text === null ? null : now.test(text) ? 'now' : text,
    generated,
    expression,
    comment,
    onUpdate,
  };
}

/** https://www.sqlite.org/datatype3.html: the type of a column in SQLite is no more than its family. */
function family(type: string): string {
  const families = { integer: /int/, text: /char|clob|text/, blob: /blob|^$/, real: /real|floa|doub/ };
  return Object.entries(families).find(([, pattern]) => pattern.test(type))?.[0] ?? 'numeric';
}

function sorted<T>(items: readonly T[]): readonly T[] {
  return items.toSorted((left, right) => (JSON.stringify(left) < JSON.stringify(right) ? -1 : 1));
}
