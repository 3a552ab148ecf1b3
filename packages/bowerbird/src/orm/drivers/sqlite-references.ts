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

/** A row elsewhere that forbids the deletion of some rows, or of one that would go with them. */
function referring(connection: Connection, table: string, sql: string, values: unknown[]): BrokenReference {
  const columns = referredColumns(connection, table);
  const seen = new Set<string>();
  let reached: readonly ReachedRows[] = [];
  if (columns.length > 0) {
    const select = sql.replace(RETURNING, '').replace(/^\s*delete/i, `SELECT ${columns.join(', ')}`);
    reached = [{ table, rows: exactRows(connection, `${select} LIMIT ${ROWS}`, values) }];
  }
  while (reached.length > 0) {
    for (const rows of reached) {
      const found = strictReference(connection, rows);
      if (found) return found;
    }
    reached = reached.flatMap((rows) => companyOf(connection, rows, seen));
  }
  return { reason: 'referenced', table: '', columns: [] };
}

/** Rows that a deletion reaches, with the columns that others refer to. */
interface ReachedRows {
  readonly table: string;
  readonly rows: readonly Row[];
}

function incoming(connection: Connection, table: string, rule: RegExp): readonly ForeignKey[] {
  const keys = foreignKeys(connection, INCOMING, [table]);
  return keys.filter(([first]) => first!.to !== null && rule.test(first!.onDelete));
}

function referredColumns(connection: Connection, table: string): readonly string[] {
  const keys = incoming(connection, table, /^(no action|restrict|cascade)$/i);
  return [...new Set(keys.flat().map(({ to }) => quote(to!)))];
}

function strictReference(connection: Connection, { table, rows }: ReachedRows): BrokenReference | undefined {
  const found = incoming(connection, table, /^(no action|restrict)$/i).find((key) =>
    heldBy(key, rows).some((held) => exists(connection, key[0]!.child, ownColumns(key), [...held])),
  );
  return found && { reason: 'referenced', table: found[0]!.child, columns: ownColumns(found) };
}

/** The rows that go with others by ON DELETE CASCADE, each once. */
function companyOf(connection: Connection, { table, rows }: ReachedRows, seen: Set<string>): readonly ReachedRows[] {
  return incoming(connection, table, /^cascade$/i).flatMap((key) => {
    const { child } = key[0]!;
    const columns = referredColumns(connection, child);
    if (columns.length === 0) return [];
    const where = ownColumns(key).map((column) => `${quote(column)} = ?`);
    const select = `SELECT DISTINCT ${columns.join(', ')} FROM ${quote(child)} WHERE ${where.join(' AND ')} LIMIT ${ROWS}`;
    const found = heldBy(key, rows).flatMap((held) => exactRows(connection, select, [...held]));
    const fresh = found.filter((row) => isNew(seen, `${child} ${Object.values(row).map(String).join('\0')}`));
    return fresh.length > 0 ? [{ table: child, rows: fresh.slice(0, ROWS) }] : [];
  });
}

/** The values of the rows that a foreign key refers to. */
function heldBy(key: ForeignKey, rows: readonly Row[]): readonly (readonly unknown[])[] {
  return rows.map((row) => key.map(({ to }) => row[to!])).filter((held) => !held.includes(null));
}

function ownColumns(key: ForeignKey): readonly string[] {
  return key.map(({ from }) => from);
}

function isNew(seen: Set<string>, name: string): boolean {
  if (seen.has(name)) return false;
  seen.add(name);
  return true;
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
