import { type CatalogTable } from '../../catalog/catalog.js';
import { readCatalog } from '../../catalog/read-catalog.js';
import { type Dialect } from '../../describe/entity-description.js';
import { type MigrationSession } from '../run/session.js';
import { changeOf } from '../schema/schema-change.js';
import { type TableSchema } from '../schema/table-schema.js';
import { type Difference } from './difference.js';

/** A table as it should be and as it is. */
export interface ComparedTable {
  readonly expected: TableSchema;
  readonly found: CatalogTable;
}

/** The texts of the parts of a table as the database itself writes them: `column name` to its type and its rules. */
type OwnTexts = ReadonlyMap<string, string>;

type Ask = (session: MigrationSession, table: ComparedTable) => Promise<readonly [found: OwnTexts, expected: OwnTexts]>;

/**
 * Leaves out differences that are none: databases write types, defaults and conditions in their own words. What the
 * migrations say is made as a temporary table, so that both can be compared as the database writes them. SQLite keeps what it
 * was told, so that there is nothing to ask.
 */
export async function realDifferences(
  session: MigrationSession,
  table: ComparedTable,
  differences: readonly Difference[],
): Promise<readonly Difference[]> {
  const ask = ASK[session.dialect];
  if (!ask || !differences.some(isTextual)) return differences;
  const [found, expected] = await ask(session, table);
  return differences.filter((difference) => {
    const part = `${difference.subject} ${difference.name}`;
    return !isTextual(difference) || !found.has(part) || found.get(part) !== expected.get(part);
  });
}

function isTextual({ subject, state }: Difference): boolean {
  return state === 'different' && ['column', 'check', 'index', 'exclusion'].includes(subject);
}

const ASK: Readonly<Partial<Record<Dialect, Ask>>> = {
  postgres: async (session, { expected, found }) => {
    const bare: TableSchema = { ...expected, foreignKeys: [] };
    const steps = session.editor.steps(changeOf(new Map(), new Map([[bare.name, bare]])));
    const made = await session.transaction(async () => {
      for (const step of steps) if (step.kind === 'sql') await session.query(temporary(step.sql));
      const [row] = await session.query<{ schema: string }>(
        'SELECT nspname AS schema FROM pg_catalog.pg_namespace WHERE oid = pg_my_temp_schema()',
      );
      const { tables } = await readCatalog(session, { schema: row!.schema });
      await session.query(`DROP TABLE pg_temp.${session.quote(bare.name)}`);
      return tables.find(({ name }) => name === bare.name)!;
    });
    return [catalogTexts(found), catalogTexts(made)];
  },
  mysql: async (session, { expected, found }) => {
    const [name, copy] = [session.quote(expected.name), session.quote('drift__copy')];
    const known = expected.columns.filter((column) => found.columns.some((live) => live.name === column.name));
    const checks = expected.checks.filter((check) => found.checks.some((live) => live.name === check.name));
    await session.query(`CREATE TEMPORARY TABLE ${copy} LIKE ${name}`);
    try {
      for (const check of checks)
        await session.query(`ALTER TABLE ${copy} DROP CONSTRAINT ${session.quote(check.name)}`);
      for (const column of known)
        await session.query(`ALTER TABLE ${copy} MODIFY COLUMN ${session.editor.columnDefinition(column)}`);
      for (const [index, check] of checks.entries())
        await session.query(
          `ALTER TABLE ${copy} ADD CONSTRAINT drift__${index} CHECK (${session.editor.checkCondition(check)})`,
        );
      const names = new Map<string, string>(checks.map((check, index) => [`drift__${index}`, check.name]));
      return [
        writtenTexts(await writtenTable(session, name)),
        writtenTexts(await writtenTable(session, copy), (own) => names.get(own) ?? own),
      ];
    } finally {
      await session.query(`DROP TEMPORARY TABLE ${copy}`);
    }
  },
};

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
function writtenTexts(text: string, nameOf = (name: string): string => name): OwnTexts {
  const lines = text.split('\n').map((line) => line.trim().replace(/,$/, ''));
  return new Map(
    lines.flatMap((line) => {
      const [, constraint, name, rest] = /^(CONSTRAINT )?`((?:[^`]|``)+)` (.*)$/.exec(line) ?? [];
      if (name === undefined || rest === undefined) return [];
      const own = nameOf(name.replaceAll('``', '`'));
      return [[`${constraint === undefined ? 'column' : 'check'} ${own}`, rest] as const];
    }),
  );
}
