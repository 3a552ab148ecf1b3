import { newColumnName } from './carried-parts.js';
import { conversionText } from './conversions.js';
import { sameData, type PartChange, type Renamed, type SchemaChange, type TableChange } from './schema-change.js';
import { SchemaEditor, type ColumnTexts } from './schema-editor.js';
import { sql, type SqlStep, type Step, type StepConnection } from './step.js';
import { tableNameOf, wholeName } from './table-name.js';
import { type ColumnSchema, type TableSchema } from './table-schema.js';

/**
 * DDL of SQLite. What its ALTER TABLE cannot do is done by building the table anew beside the old one, copying, and
 * swapping (https://www.sqlite.org/lang_altertable.html#otheralter). Foreign keys must be off around the transaction,
 * or dropping the old table would cascade into its children.
 */
export class SqliteEditor extends SchemaEditor {
  readonly dialect = 'sqlite';

  steps(change: SchemaChange): readonly Step[] {
    return [
      ...change.dropped.map(({ name }) => sql(`DROP TABLE ${this.table(name)}`)),
      ...change.changed.flatMap((table) => this.renames(table, change)),
      ...change.created.flatMap((table) => this.createTable(table)),
      ...change.changed.flatMap((table) => this.changeTable(table, change)),
    ];
  }

  /** What counts is an integer to SQLite, whatever it is elsewhere. */
  override columnTexts(column: ColumnSchema): ColumnTexts {
    const texts = super.columnTexts(column);
    return column.generated === 'increment' ? { ...texts, type: 'integer' } : texts;
  }

  protected columnRules(column: ColumnSchema): string {
    return `${this.computed(column)}${column.nullable ? '' : ' NOT NULL'}${this.defaultClause(column)}`;
  }

  /** A counting column is SQLite's own row number and must be written exactly so. */
  protected override columnType(column: ColumnSchema): string {
    return column.generated === 'increment' ? 'integer PRIMARY KEY AUTOINCREMENT' : super.columnType(column);
  }

  protected randomUuid(): string {
    const hex = (bytes: number) => `HEX(RANDOMBLOB(${bytes}))`;
    const variant = "SUBSTR('89ab', ABS(RANDOM()) % 4 + 1, 1)";
    const parts = [hex(4), hex(2), `'4' || SUBSTR(${hex(2)}, 2)`, `${variant} || SUBSTR(${hex(2)}, 2)`, hex(6)];
    return `(LOWER(${parts.join(" || '-' || ")}))`;
  }

  protected override tableLines(table: TableSchema): string[] {
    const counting = table.columns.find(({ generated }) => generated === 'increment');
    if (counting && (table.primaryKey?.columns.length ?? 0) > 1) {
      this.unsupported(`counting column inside a composite primary key ("${table.name}"."${counting.name}")`);
    }
    return [
      ...super.tableLines(counting ? { ...table, primaryKey: null } : table),
      ...table.foreignKeys.map((key) => this.foreignKeyText(key)),
    ];
  }

  private createTable(table: TableSchema, name = table.name): readonly Step[] {
    return [
      sql(`CREATE TABLE ${this.table(name)} (${this.tableLines(table).join(', ')})`),
      ...(name === table.name ? table.indexes.map((index) => this.createIndex(name, index)) : []),
    ];
  }

  /** Renames go first: SQLite itself follows them in indexes and in the foreign keys of other tables. */
  private renames({ before, after }: TableChange, { hints }: SchemaChange): readonly SqlStep[] {
    const table =
      before.name === after.name
        ? []
        : [sql(`ALTER TABLE ${this.table(before.name)} RENAME TO ${this.table(after.name)}`)];
    const columns = before.columns.flatMap(({ name }) => {
      const renamed = newColumnName(hints, after.name, name);
      if (renamed === name) return [];
      return [sql(`ALTER TABLE ${this.table(after.name)} RENAME COLUMN ${this.quote(name)} TO ${this.quote(renamed)}`)];
    });
    return [...table, ...columns];
  }

  private changeTable(table: TableChange, change: SchemaChange): readonly Step[] {
    if (this.canAddColumns(table)) return this.addColumns(table, change);
    return needsRebuild(table) ? this.rebuild(table, change) : this.changeIndexes(table);
  }

  private changeIndexes({ after, indexes }: TableChange): readonly SqlStep[] {
    return [
      ...[...indexes.dropped, ...indexes.renamed.map(({ from }) => from)].map(({ name }) =>
        sql(`DROP INDEX ${this.quote(name)}`),
      ),
      ...[...indexes.added, ...indexes.renamed.map(({ to }) => to)].map((index) => this.createIndex(after.name, index)),
    ];
  }

  /** Columns that ADD COLUMN can add: nullable or with a constant default, and nothing else changes but indexes. */
  private canAddColumns(table: TableChange): boolean {
    if (table.addedColumns.length === 0 || needsRebuild({ ...table, addedColumns: [] })) return false;
    return table.addedColumns.every((column) => {
      const value = this.databaseDefault(column);
      const constant = value === undefined || typeof value !== 'object' || value === null;
      return column.generated === false && constant && (column.nullable || (value !== undefined && value !== null));
    });
  }

  private addColumns(table: TableChange, { hints }: SchemaChange): readonly Step[] {
    const name = table.after.name;
    const updates = table.addedColumns.flatMap((column) => {
      const fill = hints.fills?.get(`${name}.${column.name}`);
      if (fill === undefined) return [];
      return [sql(`UPDATE ${this.table(name)} SET ${this.quote(column.name)} = ${this.value(column.type, fill)}`)];
    });
    const adds = table.addedColumns.map((column) =>
      sql(`ALTER TABLE ${this.table(name)} ADD COLUMN ${this.column(column)}`),
    );
    return [...adds, ...updates, ...this.changeIndexes(table)];
  }

  private rebuild(table: TableChange, change: SchemaChange): readonly Step[] {
    const { after } = table;
    const [name, fresh] = [this.table(after.name), this.table(newName(after.name))];
    const extras: string[] = [];
    const known = new Set([...table.before.indexes, ...after.indexes].map((index) => index.name));
    return [
      ...this.guards(table, change),
      {
        kind: 'work',
        label: `remember triggers and own indexes of ${name}`,
        run: (db) => remember(db, after, known, extras),
      },
      ...this.createTable(after, newName(after.name)),
      ...this.copy(table, change),
      ...keepCounter(this, after),
      sql(`DROP TABLE ${name}`),
      sql(`ALTER TABLE ${fresh} RENAME TO ${name}`),
      ...after.indexes.map((index) => this.createIndex(after.name, index)),
      { kind: 'work', label: `restore triggers and own indexes of ${name}`, run: (db) => restore(db, extras) },
      this.guardForeignKeys(after),
    ];
  }

  private guards({ after, addedColumns, keptColumns }: TableChange, { hints }: SchemaChange): readonly Step[] {
    const missing = addedColumns.filter(
      (column) => !column.nullable && isPlain(column) && this.fillValue(after.name, column, hints) === undefined,
    );
    const emptied = keptColumns.filter(
      ({ from, to }) => from.nullable && !to.nullable && this.fillValue(after.name, to, hints) === undefined,
    );
    return [
      ...missing.map((column) => this.guardMissing(after.name, column.name)),
      ...emptied.map(({ to }) => this.guardMissing(after.name, to.name, ` WHERE ${this.quote(to.name)} IS NULL`)),
      ...keptColumns.flatMap((column) => this.guardLoss(after.name, column, column.to.name, hints)),
    ];
  }

  private copy({ after, addedColumns, keptColumns }: TableChange, { hints }: SchemaChange): readonly SqlStep[] {
    const kept = keptColumns.filter(({ to }) => to.generated !== 'expression');
    const filled = addedColumns.flatMap((column) => {
      const fill = isPlain(column) ? this.fillValue(after.name, column, hints) : undefined;
      return fill === undefined ? [] : [{ name: column.name, text: this.value(column.type, fill) }];
    });
    const targets = this.list([...kept.map(({ to }) => to.name), ...filled.map(({ name }) => name)]);
    const sources = [
      ...kept.map((column) => this.carried(after.name, column, hints)),
      ...filled.map(({ text }) => text),
    ];
    const [name, fresh] = [this.table(after.name), this.table(newName(after.name))];
    return targets === '' ? [] : [sql(`INSERT INTO ${fresh} (${targets}) SELECT ${sources.join(', ')} FROM ${name}`)];
  }

  /** The old value in the new type; rows without a value get one where the column now needs it. */
  private carried(table: string, { from, to }: Renamed<ColumnSchema>, hints: SchemaChange['hints']): string {
    const name = this.quote(to.name);
    const value = sameData(from.type, to.type)
      ? name
      : (conversionText(this.dialect, name, from.type, to.type) ?? name);
    if (!from.nullable || to.nullable) return value;
    const fill = this.fillValue(table, to, hints);
    return fill === undefined ? value : `COALESCE(${value}, ${this.value(to.type, fill)})`;
  }

  private guardForeignKeys({ name }: TableSchema): Step {
    return {
      kind: 'guard',
      sql: `SELECT COUNT(*) AS amount FROM pragma_foreign_key_check(${this.text(tableNameOf(name).table)})`,
      message: (amount) => `${amount} row(s) of "${name}" refer to rows that do not exist`,
    };
  }

  /** Makes the new table count on where the old one stopped, so that numbers of removed rows do not come back. */
  counterSteps({ name }: TableSchema): readonly SqlStep[] {
    const [old, fresh] = [name, newName(name)].map((each) => this.text(tableNameOf(each).table));
    return [
      sql(`DELETE FROM sqlite_sequence WHERE name = ${fresh}`),
      sql(`INSERT INTO sqlite_sequence (name, seq) SELECT ${fresh}, seq FROM sqlite_sequence WHERE name = ${old}`),
    ];
  }
}

/** What a table is called while it is made anew. */
function newName(table: string): string {
  return wholeName(`new__${tableNameOf(table).table}`);
}

function keepCounter(editor: SqliteEditor, table: TableSchema): readonly SqlStep[] {
  return table.columns.some(({ generated }) => generated === 'increment') ? editor.counterSteps(table) : [];
}

/** Whether a column takes values: not a computed one, and not one that counts by itself. */
function isPlain({ generated }: ColumnSchema): boolean {
  return generated !== 'expression' && generated !== 'increment';
}

function needsRebuild(table: TableChange): boolean {
  const { addedColumns, droppedColumns, keptColumns, primaryKey, uniques, foreignKeys, checks, exclusions } = table;
  return (
    addedColumns.length > 0 ||
    droppedColumns.length > 0 ||
    keptColumns.some(({ from, to }) => !sameData({ ...from, name: '' }, { ...to, name: '' })) ||
    [primaryKey, uniques, foreignKeys, checks, exclusions].some((part) => !isUnchanged(part))
  );
}

/** A new name of a constraint alone is not worth a copy of the table: SQLite never shows it. */
function isUnchanged({ dropped, added }: PartChange<unknown>): boolean {
  return dropped.length === 0 && added.length === 0;
}

async function remember(db: StepConnection, table: TableSchema, known: ReadonlySet<string>, extras: string[]) {
  const rows = await db.query<{ name: string; sql: string }>(
    "SELECT name, sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('index', 'trigger') AND sql IS NOT NULL",
    [tableNameOf(table.name).table],
  );
  extras.push(...rows.filter(({ name }) => !known.has(name)).map((row) => row.sql));
}

async function restore(db: StepConnection, extras: readonly string[]): Promise<void> {
  for (const text of extras) await db.query(text);
}
