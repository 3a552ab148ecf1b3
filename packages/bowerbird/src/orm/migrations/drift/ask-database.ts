import { QueryFailedError } from 'typeorm';

import { type CatalogTable } from '../../catalog/catalog.js';
import { readCatalog } from '../../catalog/read-catalog.js';
import { type Dialect } from '../../describe/entity-description.js';
import { type MigrationSession } from '../run/session.js';
import { changeOf } from '../schema/schema-change.js';
import { tableNameOf, wholeName } from '../schema/table-name.js';
import { type TableSchema } from '../schema/table-schema.js';
import { type Difference } from './difference.js';

/** A table as it should be and as it is. */
export interface ComparedTable {
  readonly expected: TableSchema;
  readonly found: CatalogTable;
}

/** The texts of the parts of a table as the database itself writes them: `column name` to its type and its rules. */
type OwnTexts = ReadonlyMap<string, string>;

/** The same of one table as it is and as it should be. */
type BothTexts = readonly [found: OwnTexts, expected: OwnTexts];

/** Answers for each of the tables, in their order. */
type Ask = (session: MigrationSession, tables: readonly ComparedTable[]) => Promise<readonly BothTexts[]>;

/**
 * Leaves out differences that are none: databases write types, defaults and conditions in their own words. What the
 * migrations say is made as temporary tables, so that both can be compared as the database writes them. SQLite keeps what it
 * was told, so that there is nothing to ask.
 */
export async function realDifferences(
  session: MigrationSession,
  tables: readonly ComparedTable[],
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const ask = ASK[session.dialect];
  const doubtful = new Set(differences.filter(isTextual).map(({ table }) => table));
  if (!ask || doubtful.size === 0) return differences;
  const asked = tables.filter(({ expected }) => doubtful.has(expected.name));
  const texts = await askEach(session, ask, asked);
  return differences.filter((difference) => {
    const [found, expected] = texts.get(difference.table) ?? [];
    const part = `${difference.subject} ${difference.name}`;
    return !isTextual(difference) || !found?.has(part) || found.get(part) !== expected?.get(part);
  });
}

function isTextual({ subject, state }: Difference): boolean {
  return state === 'different' && ['column', 'check', 'index', 'exclusion'].includes(subject);
}

/** A table that the database does not even make as the migrations say differs in any case. */
async function askEach(
  session: MigrationSession,
  ask: Ask,
  tables: readonly ComparedTable[],
): Promise<ReadonlyMap<string, BothTexts>> {
  try {
    const answers = await ask(session, tables);
    return new Map(tables.map(({ expected }, index) => [expected.name, answers[index]!]));
  } catch (problem) {
    if (!(problem instanceof QueryFailedError)) throw problem;
    if (tables.length === 1) return new Map();
    const alone: (readonly [string, BothTexts])[] = [];
    for (const table of tables) alone.push(...(await askEach(session, ask, [table])));
    return new Map(alone);
  }
}

const ASK: Readonly<Partial<Record<Dialect, Ask>>> = {
  postgres: async (session, tables) => {
    const texts = new Map<ComparedTable, BothTexts>();
    for (const schema of new Set(tables.map(({ found }) => found.schema))) {
      const alike = tables.filter(({ found }) => found.schema === schema);
      const asked = await askPostgres(session, alike);
      alike.forEach((table, index) => texts.set(table, asked[index]!));
    }
    return tables.map((table) => texts.get(table)!);
  },
  mysql: async (session, tables) => {
    const texts: BothTexts[] = [];
    for (const table of tables) texts.push(await askMysql(session, table));
    return texts;
  },
};

/** Tables of one schema are made as temporary ones, which are in no schema of their own: their names stay. */
async function askPostgres(session: MigrationSession, tables: readonly ComparedTable[]): Promise<readonly BothTexts[]> {
  const bare = tables.map(({ expected }): TableSchema => ({ ...expected, name: nameAlone(expected), foreignKeys: [] }));
  const steps = session.editor.steps(changeOf(new Map(), new Map(bare.map((table) => [table.name, table]))));
  const made = await session.transaction(async () => {
    for (const step of steps) if (step.kind === 'sql') await session.query(temporary(step.sql));
    const [row] = await session.query<{ schema: string }>(
      'SELECT nspname AS schema FROM pg_catalog.pg_namespace WHERE oid = pg_my_temp_schema()',
    );
    const copies = (await readCatalog(session, { schema: row!.schema })).tables;
    for (const { name } of bare) await session.query(`DROP TABLE pg_temp.${session.table(name)}`);
    return copies;
  });
  return tables.map(({ found }) => [catalogTexts(found), catalogTexts(made.find(({ name }) => name === found.name)!)]);
}

function nameAlone({ name }: TableSchema): string {
  return wholeName(tableNameOf(name).table);
}

/** A copy of the table gets the columns and checks of the migrations, under names that no other table has. */
async function askMysql(session: MigrationSession, { expected, found }: ComparedTable): Promise<BothTexts> {
  const { editor } = session;
  const [name, copy] = [session.table(expected.name), session.quote('drift__copy')];
  const columns = expected.columns.filter((column) => found.columns.some((live) => live.name === column.name));
  const checks = expected.checks.filter((check) => found.checks.some((live) => live.name === check.name));
  await session.query(await copyStatement(session, found, copy));
  try {
    for (const column of columns)
      await session.query(`ALTER TABLE ${copy} MODIFY COLUMN ${editor.columnDefinition(column)}`);
    for (const [index, check] of checks.entries())
      await session.query(`ALTER TABLE ${copy} ADD CONSTRAINT drift__${index} CHECK (${editor.checkCondition(check)})`);
    const made = writtenTexts(await writtenTable(session, copy));
    const named = checks.map(
      (check, index) => [`check ${check.name}`, made.get(`check drift__${index}`) ?? ''] as const,
    );
    return [writtenTexts(await writtenTable(session, name)), new Map([...made, ...named])];
  } finally {
    await session.query(`DROP TEMPORARY TABLE ${copy}`);
  }
}

/** A temporary table can have no full-text index, so that one that has is made without. */
async function copyStatement(
  session: MigrationSession,
  { name, indexes }: CatalogTable,
  copy: string,
): Promise<string> {
  const table = session.quote(name);
  if (indexes.every(({ method }) => method !== 'fulltext')) return `CREATE TEMPORARY TABLE ${copy} LIKE ${table}`;
  const lines = (await writtenTable(session, table)).split('\n');
  const end = lines.findIndex((line) => line.startsWith(')'));
  const kept = lines.slice(1, end).filter((line) => !/^\s*(?:FULLTEXT KEY|CONSTRAINT .* FOREIGN KEY) /.test(line));
  const parts = kept.map((line) => line.replace(/,$/, ''));
  return `CREATE TEMPORARY TABLE ${copy} (${parts.join(', ')}${lines[end]!}`;
}

function temporary(sql: string): string {
  return sql.replace(/^CREATE TABLE/, 'CREATE TEMPORARY TABLE');
}

function catalogTexts({ columns, checks, indexes, remarks }: CatalogTable): OwnTexts {
  return new Map([
    ...columns.map(({ name, type, nullable, default: value, generated, expression, comment }) => {
      return [`column ${name}`, JSON.stringify([type.text, nullable, generated, value, expression, comment])] as const;
    }),
    ...checks.map(({ name, expression }) => [`check ${name}`, expression] as const),
    ...remarks.flatMap((remark) => {
      const [, name, text] = /^constraint (.+?): (.*)$/s.exec(remark) ?? [];
      return name === undefined ? [] : [[`exclusion ${name}`, text ?? ''] as const];
    }),
    ...indexes.map(
      ({ name, parts, unique, where }) => [`index ${name}`, JSON.stringify([parts, unique, where])] as const,
    ),
  ]);
}

async function writtenTable(session: MigrationSession, name: string): Promise<string> {
  const [row] = await session.query<Record<string, string>>(`SHOW CREATE TABLE ${name}`);
  return row!['Create Table'] ?? '';
}

/** Each column and each check has a line of its own. */
function writtenTexts(text: string): OwnTexts {
  const lines = text.split('\n').map((line) => line.trim().replace(/,$/, ''));
  return new Map(
    lines.flatMap((line) => {
      const [, constraint, name, rest] = /^(CONSTRAINT )?`((?:[^`]|``)+)` (.*)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) return [];
      const own = name.replaceAll('``', '`');
      return [[`${constraint === undefined ? 'column' : 'check'} ${own}`, rest] as const];
    }),
  );
}
