import { type Database as Connection } from 'better-sqlite3';

import { type ForeignKeyReason } from '../orm.errors.js';

/** The reference that a statement broke; SQLite says no more than that there is one. */
export interface BrokenReference {
  readonly reason: ForeignKeyReason;
  /** The table that has the reference. */
  readonly table: string;
  /** Its columns; empty where they are not known. */
  readonly columns: readonly string[];
}

/** `"table"` behind INSERT INTO, UPDATE or DELETE FROM. */
const TARGET =
  /^\s*(?:insert(?:\s+or\s+\w+)?\s+into|(update)(?:\s+or\s+\w+)?|(delete)\s+from)\s+(?:"main"\.)?("(?:[^"]|"")+"|[\w$]+)/i;
const RETURNING = /\s+returning\s[^']*$/i;
/** Written rows to look at; a statement with more has its error named by these. */
const ROWS = 1_000;

interface KeyColumn {
  readonly id: number;
  readonly child: string;
  readonly parent: string;
  readonly from: string;
  readonly to: string | null;
  readonly onDelete: string;
}

type ForeignKey = readonly KeyColumn[];
type Row = Readonly<Record<string, unknown>>;

const OUTGOING = `SELECT id, ? AS child, "table" AS parent, "from", "to", on_delete AS onDelete FROM pragma_foreign_key_list(?)`;
const INCOMING = `SELECT f.id, m.name AS child, f."table" AS parent, f."from", f."to", f.on_delete AS onDelete
  FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f."table" = ? COLLATE NOCASE`;

/**
 * Finds the reference that a failed statement broke: runs it once more inside of a savepoint with the check put off,
 * looks at the rows that it would write, and takes everything back. Undefined for statements of other forms.
 */
export function findBrokenReference(
  connection: Connection,
  sql: string,
  parameters: readonly unknown[],
): BrokenReference | undefined {
  const [, update, remove, name] = TARGET.exec(sql) ?? [];
  if (!name) return undefined;
  const table = name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name;
  const values = parameters.map((value) => (typeof value === 'boolean' ? Number(value) : value));
  if (remove) return referring(connection, table, sql, values);
  const missing = takenBack(connection, () => missingColumns(connection, table, sql, values));
  if (missing && missing.length > 0) return { reason: 'missing', table, columns: missing };
  return update && missing ? { reason: 'referenced', table, columns: [] } : undefined;
}

/** Columns of the written rows that refer to nothing; undefined where they cannot be found. */
function missingColumns(connection: Connection, table: string, sql: string, values: unknown[]): readonly string[] {
  const keys = foreignKeys(connection, OUTGOING, [table, table]);
  const columns = [...new Set(keys.flat().map(({ from }) => quote(from)))];
  if (columns.length === 0) return [];
  const again = `${sql.replace(RETURNING, '')} RETURNING ${columns.join(', ')}`;
  const rows = exactRows(connection, again, values).slice(0, ROWS);
  const broken = keys.filter((key) => rows.some((row) => !hasParent(connection, key, row)));
  return [...new Set(broken.flat().map(({ from }) => from))];
}

function hasParent(connection: Connection, key: ForeignKey, row: Row): boolean {
  const held = key.map(({ from }) => row[from]);
  if (held.includes(null)) return true;
  const to = key.map((column) => column.to);
  if (to.includes(null)) return true;
  return exists(connection, key[0]!.parent, to as string[], held);
}

/** A row elsewhere that refers to one of the rows to delete and forbids it. */
function referring(connection: Connection, table: string, sql: string, values: unknown[]): BrokenReference {
  const keys = foreignKeys(connection, INCOMING, [table]).filter(
    ([first]) => first!.to !== null && /^(no action|restrict)$/i.test(first!.onDelete),
  );
  const columns = [...new Set(keys.flat().map(({ to }) => quote(to!)))];
  if (columns.length === 0) return { reason: 'referenced', table: '', columns: [] };
  const select = sql.replace(RETURNING, '').replace(/^\s*delete/i, `SELECT ${columns.join(', ')}`);
  const rows = exactRows(connection, `${select} LIMIT ${ROWS}`, values);
  const refers = (key: ForeignKey) =>
    rows.some((row) => {
      const held = key.map(({ to }) => row[to!]);
      return (
        !held.includes(null) &&
        exists(
          connection,
          key[0]!.child,
          key.map(({ from }) => from),
          held,
        )
      );
    });
  const found = keys.find(refers);
  return { reason: 'referenced', table: found?.[0]!.child ?? '', columns: found?.map(({ from }) => from) ?? [] };
}

/** Integers come as bigints: a key of more than 53 bits would be that of another row. */
function exactRows(connection: Connection, sql: string, values: unknown[]): readonly Row[] {
  return connection
    .prepare(sql)
    .safeIntegers(true)
    .all(...values) as Row[];
}

function exists(connection: Connection, table: string, columns: readonly string[], values: unknown[]): boolean {
  const where = columns.map((column) => `${quote(column)} = ?`).join(' AND ');
  return connection.prepare(`SELECT 1 FROM ${quote(table)} WHERE ${where} LIMIT 1`).get(...values) !== undefined;
}

function foreignKeys(connection: Connection, sql: string, names: readonly string[]): readonly ForeignKey[] {
  const keys = new Map<string, KeyColumn[]>();
  for (const column of connection.prepare(sql).all(...names) as KeyColumn[]) {
    const name = `${column.child} ${column.id}`;
    keys.set(name, [...(keys.get(name) ?? []), column]);
  }
  return [...keys.values()];
}

/** Runs work with the check of foreign keys put off, and undoes it. Undefined when it fails for another reason. */
function takenBack<R>(connection: Connection, work: () => R): R | undefined {
  const deferred: unknown = connection.pragma('defer_foreign_keys', { simple: true });
  connection.exec('SAVEPOINT bowerbird_reference');
  try {
    connection.pragma('defer_foreign_keys = ON');
    return work();
  } catch {
    return undefined;
  } finally {
    connection.exec('ROLLBACK TO bowerbird_reference; RELEASE bowerbird_reference');
    connection.pragma(`defer_foreign_keys = ${deferred ? 'ON' : 'OFF'}`);
  }
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
