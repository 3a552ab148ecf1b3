import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { Module } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { SettingsProblems, type Class } from 'bowerbird/core';
import {
  App,
  Database,
  DriftFinder,
  HistoricalEntities,
  Migrator,
  OrmModule,
  resolveOrm,
  type MigrateOptions,
} from 'bowerbird/orm';
import { describe, expect, it } from 'vitest';

import { eachDatabase } from '../../support/databases.js';
import { EVOLUTION, type EvolutionStep } from './evolution.steps.js';

type Dump = Readonly<Record<string, readonly Record<string, unknown>[]>>;

const APPS = ['shop', 'crm', 'catalog'] as const;

/** A step as a file of its app: its number there, and the step before it as a dependency. */
interface StepFile {
  readonly app: EvolutionStep['app'];
  readonly name: string;
}

function writeSteps(folder: URL): readonly StepFile[] {
  for (const app of APPS) mkdirSync(new URL(`${app}/`, folder));
  const counts = new Map<string, number>();
  const files: StepFile[] = [];
  for (const { app, operations } of EVOLUTION) {
    const number = (counts.get(app) ?? 0) + 1;
    counts.set(app, number);
    const before = files.at(-1);
    const dependencies = before && before.app !== app ? `[['${before.app}', '${before.name}']]` : '[]';
    const name = `${String(number).padStart(4, '0')}_step`;
    writeFileSync(
      new URL(`${app}/${name}.ts`, folder),
      `import { Migration, ops } from 'bowerbird/orm';\nexport default new Migration({ dependencies: ${dependencies}, operations: [${operations}] });\n`,
    );
    files.push({ app, name });
  }
  return files;
}

async function boot(url: string, folder: URL): Promise<TestingModule> {
  const modules = APPS.map((name): Class => {
    class AppModule {}
    App({ name, entities: [], migrations: new URL(`${name}/`, folder) })(AppModule);
    Module({})(AppModule);
    return AppModule;
  });
  const config = resolveOrm({ apps: modules, database: url }, new SettingsProblems(), { root: folder });
  const module = await Test.createTestingModule({ imports: [OrmModule.forRoot(config), ...modules] }).compile();
  module.enableShutdownHooks();
  return module.init();
}

/** The rows of every table as the applied migrations know them. */
async function dump(app: TestingModule, done: number, files: readonly StepFile[]): Promise<Dump> {
  const database = app.get(Database);
  const applied = new Set(files.slice(0, done).map(({ app: name, name: file }) => `${name}.${file}`));
  const graph = await app.get(Migrator).graph(database);
  const state = graph.stateOf((file) => applied.has(`${file.app}.${file.name}`));
  const numbered = (sql: string) => {
    let position = 0;
    return database.dialect === 'postgres' ? sql.replace(/\?/g, () => `$${(position += 1)}`) : sql;
  };
  const entities = new HistoricalEntities(state, '', {
    dialect: database.dialect,
    db: { query: (sql, parameters) => database.query(numbered(sql), parameters) },
  });
  const tables: Record<string, readonly Record<string, unknown>[]> = {};
  for (const [key, entity] of state.entities) {
    if (entity.managed === false) continue;
    tables[entity.table] = await entities.get(key).rows();
    for (const [path, field] of Object.entries(entity.fields))
      if (field.kind === 'many-to-many') tables[field.table] = await entities.pairs(key, path).rows();
  }
  return tables;
}

/** A dump without the columns and tables whose values are known to be lost. */
function without(tables: Dump, lost: ReadonlySet<string>): Dump {
  const kept = Object.entries(tables).filter(([table]) => !lost.has(table));
  return Object.fromEntries(
    kept.map(([table, rows]) => [
      table,
      rows.map((row) => Object.fromEntries(Object.entries(row).filter(([path]) => !lost.has(`${table}.${path}`)))),
    ]),
  );
}

/** Keys that a table got later are counted in the order in which each database finds its rows. */
const COUNTED_LATER = new Set(['item_tag.id', 'line.id']);

/** What must be the same on every database, and when it is made a second time. */
function comparable(tables: Dump): Dump {
  const sorted = (list: readonly Record<string, unknown>[]) =>
    list.toSorted((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
  const entries = Object.entries(without(tables, COUNTED_LATER));
  return Object.fromEntries(entries.map(([table, list]) => [table, sorted(list)]));
}

describe(`an evolution of ${EVOLUTION.length} steps`, { timeout: 240_000 }, () => {
  const finals: Dump[] = [];

  eachDatabase((suite) => {
    it('keeps every row, forth and back, and leaves no drift', async () => {
      const folder = pathToFileURL(`${mkdtempSync(join(tmpdir(), 'modules', 'evolution-'))}/`);
      const files = writeSteps(folder);
      const app = await boot(suite.url, folder);
      const migrate = (options: MigrateOptions) => app.get(Migrator).migrate(options);
      const drift = async () => (await app.get(DriftFinder).find()).differences;

      const dumps: Dump[] = [{}];
      for (const [index, { app: name, name: file }] of files.entries()) {
        expect(await migrate({ app: name, name: file })).toHaveLength(1);
        dumps.push(await dump(app, index + 1, files));
      }
      expect(await drift()).toEqual([]);
      const final = comparable(dumps.at(-1)!);
      for (const [table, rows] of Object.entries(final)) expect([table, rows.length]).not.toEqual([table, 0]);
      for (const other of finals) expect(final).toEqual(other);
      finals.push(final);

      const lost = new Set<string>();
      for (let left = files.length - 1; left >= 0; left -= 1) {
        const { app: name } = files[left]!;
        const before = files.slice(0, left).findLast((file) => file.app === name);
        expect(await migrate({ app: name, name: before?.name ?? 'zero', force: true })).toHaveLength(1);
        for (const what of EVOLUTION[left]!.restores ?? []) lost.delete(what);
        for (const what of EVOLUTION[left]!.loses ?? []) lost.add(what);
        expect([left, without(await dump(app, left, files), lost)]).toEqual([left, without(dumps[left]!, lost)]);
        if (left % 10 === 0) expect(await drift()).toEqual([]);
      }

      expect(await migrate({})).toHaveLength(files.length);
      expect(comparable(await dump(app, files.length, files))).toEqual(final);
      expect(await drift()).toEqual([]);
      await app.close();
    });
  });
});
