import { sqlNames } from '../../describe/condition-text.js';
import { isSqlExpression, sqlTextFor } from '../state/field-state.js';
import { AlteringEditor, columnRenames } from './altering.editor.js';
import { familyOf, TRUE_WORDS } from './conversions.js';
import { defaultText } from './literals.js';
import {
  isCopied,
  sameData,
  type PartChange,
  type Renamed,
  type SchemaChange,
  type TableChange,
} from './schema-change.js';
import { sql, type SqlStep, type Step } from './step.js';
import {
  type CheckSchema,
  type ColumnSchema,
  type IndexSchema,
  type KeySchema,
  type TableSchema,
} from './table-schema.js';

/** The collations that tell case, accents and trailing spaces apart. MariaDB and MySQL have different names for it. */
export type MysqlCollation = 'utf8mb4_nopad_bin' | 'utf8mb4_0900_bin' | 'utf8mb4_bin';

/** DDL of MySQL 8 and MariaDB 10.5 and later. Each statement commits by itself. */
export class MysqlEditor extends AlteringEditor {
  readonly dialect = 'mysql';

  constructor(readonly collation: MysqlCollation = 'utf8mb4_bin') {
    super();
  }

  override steps(change: SchemaChange): readonly Step[] {
    return super.steps({ ...change, changed: change.changed.map(withoutRenames) });
  }

  protected columnRules(column: ColumnSchema): string {
    const increment = column.generated === 'increment' ? ' AUTO_INCREMENT' : '';
    const comment = column.comment === undefined ? '' : ` COMMENT ${this.text(column.comment)}`;
    if (column.generated === 'expression') return `${this.computed(column)}${comment}`;
    return `${column.nullable ? ' NULL' : ' NOT NULL'}${this.defaultClause(column)}${increment}${comment}`;
  }

  protected tableOptions({ comment }: TableSchema): string {
    const told = comment === undefined ? '' : ` COMMENT=${this.text(comment)}`;
    return ` ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE ${this.collation}${told}`;
  }

  protected setTableComment(table: string, comment = ''): SqlStep {
    return this.alter(table, `COMMENT = ${this.text(comment)}`);
  }

  protected randomUuid(): string {
    return 'UUID()';
  }

  /** InnoDB refuses SET DEFAULT; RESTRICT is what it would do. */
  protected override deleteRule(rule: string): string {
    return rule === 'SET DEFAULT' ? 'RESTRICT' : rule;
  }

  /** InnoDB checks each row at once. */
  protected override deferral(): string {
    return '';
  }

  protected dropConstraint(table: string, name: string): SqlStep {
    return this.alter(table, `DROP CONSTRAINT ${this.quote(name)}`);
  }

  protected dropForeignKey(table: string, name: string): SqlStep {
    return this.alter(table, `DROP FOREIGN KEY ${this.quote(name)}`);
  }

  protected dropIndex(table: string, name: string): SqlStep {
    return this.alter(table, `DROP INDEX ${this.quote(name)}`);
  }

  protected override dropUnique(table: string, name: string): SqlStep {
    return this.dropIndex(table, name);
  }

  protected override renameIndex(table: string, { from, to }: Renamed<KeySchema | IndexSchema>): SqlStep {
    return this.alter(table, `RENAME INDEX ${this.quote(from.name)} TO ${this.quote(to.name)}`);
  }

  protected override createIndex(table: string, index: IndexSchema): SqlStep {
    const { name, columns, unique, descending } = index;
    const made = super.createIndex(table, { name, columns, unique, descending });
    return index.fullText === undefined ? made : sql(made.sql.replace(/^CREATE INDEX/, 'CREATE FULLTEXT INDEX'));
  }

  /** Indexes are added before others go, because a foreign key must not be without one in between. */
  protected alterTable(table: TableChange, change: SchemaChange): readonly Step[] {
    const [first, then, last] = this.splitKeys(table);
    const name = table.after.name;
    return [
      ...this.renameIndexes(table),
      ...this.addKeys(first),
      ...this.dropPrimaryKey(table),
      ...table.addedColumns.flatMap((column) => this.addColumn(table, column, change)),
      ...table.keptColumns.flatMap((column) => this.alterColumn(name, column, change)),
      ...this.addKeys(then),
      ...this.dropKeys(table),
      ...this.dropColumns(table),
      ...this.addKeys(last),
      ...this.addIncrement(table),
    ];
  }

  /** At once with what is computed of them: MySQL renames no column while another one computes with its old name. */
  protected override renameColumns(table: TableChange, { hints }: SchemaChange): readonly SqlStep[] {
    const renames = columnRenames(table, hints);
    if (renames.length === 0) return [];
    const names = new Set(renames.map(([, to]) => to));
    const following = table.keptColumns.filter(({ from, to }) => isComputed(from, to) && computesWith(to, names));
    const parts = [
      ...renames.map(([from, to]) => this.renameColumn(from, to)),
      ...following.map(({ to }) => `MODIFY COLUMN ${this.column(to)}`),
    ];
    return [this.alter(table.after.name, parts.join(', '))];
  }

  protected alterColumn(table: string, column: Renamed<ColumnSchema>, change: SchemaChange): readonly Step[] {
    const { from, to } = column;
    const follows = isComputed(from, to) && { expression: '' };
    if (sameData({ ...from, name: '', ...follows }, { ...to, name: '', ...follows })) return [];
    const copied = isCopied(from, to) ? this.copyComputed(table, { ...from, name: to.name }) : [];
    const retyped = this.type(from.type) !== this.type(to.type);
    const required = from.nullable && !to.nullable;
    const gained = from.generated !== 'increment' && to.generated === 'increment';
    return [
      ...copied,
      ...(retyped ? this.guardLoss(table, column, to.name, change.hints) : []),
      ...(retyped ? this.readBooleans(table, column) : []),
      ...(required && retyped ? [this.modify(table, { ...to, nullable: true, default: undefined })] : []),
      ...(required ? this.fillNulls(table, to, change) : []),
      this.modify(table, gained ? { ...to, generated: false } : to),
      ...(retyped ? this.writeBooleans(table, column) : []),
    ];
  }

  /** Puts a column with the values in the place of one that computes them when it is read. */
  private copyComputed(table: string, column: ColumnSchema): readonly SqlStep[] {
    const [name, copy] = [this.quote(column.name), this.quote(`new__${column.name}`)];
    return [
      this.alter(table, `ADD COLUMN ${copy} ${this.columnType(column)} NULL`),
      sql(`UPDATE ${this.table(table)} SET ${copy} = ${name}`),
      this.alter(table, `DROP COLUMN ${name}`),
      this.alter(table, `RENAME COLUMN ${copy} TO ${name}`),
    ];
  }

  private modify(table: string, column: ColumnSchema): SqlStep {
    return this.alter(table, `MODIFY COLUMN ${this.column(column)}`);
  }

  private fillNulls(table: string, column: ColumnSchema, { hints }: SchemaChange): readonly Step[] {
    const fill = this.fillValue(table, column, hints);
    if (fill === undefined) return [this.guardMissing(table, column.name, ` WHERE ${this.quote(column.name)} IS NULL`)];
    return this.fillEmpty(table, column, this.value(column.type, fill));
  }

  /** Gives rows without a value one. */
  protected fillEmpty(table: string, { name }: ColumnSchema, value: string): readonly Step[] {
    const quoted = this.quote(name);
    return [sql(`UPDATE ${this.table(table)} SET ${quoted} = ${value} WHERE ${quoted} IS NULL`)];
  }

  /** Words become 1 and 0 before the column turns into a boolean. */
  private readBooleans(table: string, { from, to }: Renamed<ColumnSchema>): readonly SqlStep[] {
    if (familyOf(from.type.kind) !== 'text' || to.type.kind !== 'boolean') return [];
    const name = this.quote(to.name);
    return [
      sql(
        `UPDATE ${this.table(table)} SET ${name} = IF(LOWER(${name}) IN ${TRUE_WORDS}, '1', '0') WHERE ${name} IS NOT NULL`,
      ),
    ];
  }

  /** 1 and 0 become words after a boolean has turned into text, as on the other databases. */
  private writeBooleans(table: string, { from, to }: Renamed<ColumnSchema>): readonly SqlStep[] {
    if (from.type.kind !== 'boolean' || familyOf(to.type.kind) !== 'text') return [];
    const name = this.quote(to.name);
    return [
      sql(`UPDATE ${this.table(table)} SET ${name} = IF(${name} = '1', 'true', 'false') WHERE ${name} IN ('0', '1')`),
    ];
  }

  private addColumn({ after }: TableChange, column: ColumnSchema, { hints }: SchemaChange): readonly Step[] {
    const add = (text: string) => this.alter(after.name, `ADD COLUMN ${text}`);
    if (column.generated === 'increment' && isOnlyKey(after, column))
      return [add(`${this.column(column)} PRIMARY KEY`)];
    const own = this.databaseDefault(column);
    const fill = this.fillValue(after.name, column, hints);
    if (column.nullable || column.generated === 'expression' || (own !== undefined && sameData(fill, own))) {
      return [add(this.column(column))];
    }
    if (fill === undefined) return [this.guardMissing(after.name, column.name), add(this.column(column))];
    const start = isSqlExpression(fill)
      ? this.addByUpdate(after.name, column, fill)
      : [
          add(
            `${this.quote(column.name)} ${this.columnType(column)} NOT NULL DEFAULT ${defaultText('mysql', column.type, fill)}`,
          ),
        ];
    return [...start, this.modify(after.name, column)];
  }

  private addByUpdate(table: string, column: ColumnSchema, fill: unknown): readonly Step[] {
    return [
      this.alter(table, `ADD COLUMN ${this.quote(column.name)} ${this.columnType(column)} NULL`),
      ...this.fillEmpty(table, column, this.value(column.type, fill)),
    ];
  }

  /** A counting column must be a key at any time: it stops counting before the key goes. */
  private dropPrimaryKey({ after, before, keptColumns, primaryKey }: TableChange): readonly SqlStep[] {
    const [key] = primaryKey.dropped;
    if (!key) return [];
    const counting = before.columns.filter(
      ({ name, generated }) => generated === 'increment' && key.columns.includes(name),
    );
    const stop = counting.map((column) => {
      const name = keptColumns.find(({ from }) => from === column)?.to.name ?? column.name;
      return this.modify(after.name, { ...column, name, generated: false });
    });
    return [...stop, this.alter(after.name, 'DROP PRIMARY KEY')];
  }

  private addIncrement({ after, keptColumns }: TableChange): readonly SqlStep[] {
    return keptColumns
      .filter(({ from, to }) => from.generated !== 'increment' && to.generated === 'increment')
      .map(({ to }) => this.modify(after.name, to));
  }

  private renameIndexes({ after, uniques, indexes }: TableChange): readonly SqlStep[] {
    return [...uniques.renamed, ...indexes.renamed].map((pair) => this.renameIndex(after.name, pair));
  }

  /**
   * What is added before anything goes (indexes over columns that stay), what as soon as the columns are there (the primary
   * key too, which may take the place of an index that goes), and what must wait for the drops (checks, and whatever takes
   * the name of something that goes).
   */
  private splitKeys(table: TableChange): readonly [TableChange, TableChange, TableChange] {
    const goes = new Set([...table.uniques.dropped, ...table.indexes.dropped].map(({ name }) => name));
    const fresh = new Set(table.addedColumns.map(({ name }) => name));
    const turn = ({ name, columns }: KeySchema) =>
      goes.has(name) ? 2 : columns.some((each) => fresh.has(each)) ? 1 : 0;
    const part = (number: number): TableChange => ({
      ...table,
      primaryKey: {
        ...table.primaryKey,
        added: number === 1 ? table.primaryKey.added.filter((key) => !addedInline(table, key)) : [],
      },
      uniques: { ...table.uniques, added: table.uniques.added.filter((key) => turn(key) === number) },
      indexes: { ...table.indexes, added: table.indexes.added.filter((key) => turn(key) === number) },
      checks: { ...table.checks, added: number === 2 ? table.checks.added : [] },
      exclusions: { ...table.exclusions, added: number === 2 ? table.exclusions.added : [] },
    });
    return [part(0), part(1), part(2)];
  }
}

/** A column that goes on to compute the same, under whatever names. */
function isComputed(from: ColumnSchema, to: ColumnSchema): boolean {
  return from.generated === 'expression' && to.generated === 'expression';
}

function computesWith({ expression = '' }: ColumnSchema, names: ReadonlySet<string>): boolean {
  return sqlNames(sqlTextFor(expression, 'mysql')).some((name) => names.has(name));
}

function isOnlyKey({ primaryKey }: TableSchema, { name }: ColumnSchema): boolean {
  return primaryKey?.columns.length === 1 && primaryKey.columns[0] === name;
}

function addedInline({ addedColumns, after }: TableChange, key: KeySchema): boolean {
  return addedColumns.some(
    (column) => column.generated === 'increment' && key.columns.length === 1 && isOnlyKey(after, column),
  );
}

/** Foreign keys and checks have no rename here, and no column is renamed while a check names it: they go and come back. */
function withoutRenames(table: TableChange): TableChange {
  return { ...table, foreignKeys: replaced(table.foreignKeys), checks: replaced(withFollowing(table)) };
}

/** The checks of a table, of which those that only follow the new names of columns count as renamed. */
function withFollowing({ before, after, keptColumns, checks }: TableChange): PartChange<CheckSchema> {
  const columns = new Set(keptColumns.filter(({ from, to }) => from.name !== to.name).map(({ from }) => from.name));
  const changed = new Set([...checks.dropped, ...checks.renamed.map(({ from }) => from)]);
  const following = before.checks.flatMap((from): Renamed<CheckSchema>[] => {
    const to = after.checks.find(({ name }) => name === from.name);
    const follows = to && !changed.has(from) && sqlNames(from.expression).some((name) => columns.has(name));
    return follows ? [{ from, to }] : [];
  });
  return { ...checks, renamed: [...checks.renamed, ...following] };
}

function replaced<T>({ dropped, added, renamed }: PartChange<T>): PartChange<T> {
  return {
    dropped: [...dropped, ...renamed.map(({ from }) => from)],
    added: [...added, ...renamed.map(({ to }) => to)],
    renamed: [],
  };
}
