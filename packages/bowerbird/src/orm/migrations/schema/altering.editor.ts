import { newColumnName } from './carried-parts.js';
import { isCopied, type ChangeHints, type Renamed, type SchemaChange, type TableChange } from './schema-change.js';
import { SchemaEditor } from './schema-editor.js';
import { sql, type SqlStep, type Step } from './step.js';
import {
  type ColumnSchema,
  type IndexSchema,
  type KeySchema,
  type TableSchema,
  type UniqueSchema,
} from './table-schema.js';

/** The editor of databases that can alter a table in place: one phase after another over all tables concerned. */
export abstract class AlteringEditor extends SchemaEditor {
  steps(change: SchemaChange): readonly Step[] {
    return [
      ...this.dropForeignKeys(change),
      ...change.dropped.map(({ name }) => sql(`DROP TABLE ${this.table(name)}`)),
      ...change.changed.flatMap((table) => this.dropFirst(table)),
      ...change.changed.flatMap((table) => this.renameTable(table)),
      ...change.changed.flatMap((table) => this.renameColumns(table, change)),
      ...change.created.flatMap((table) => this.createTable(table)),
      ...change.changed.flatMap((table) => this.alterTable(table, change)),
      ...change.changed.flatMap(({ before, after }) =>
        before.comment === after.comment ? [] : [this.setTableComment(after.name, after.comment)],
      ),
      ...this.addForeignKeys(change),
    ];
  }

  /** Steps on columns, keys and indexes of one table, in the order that the dialect needs. New names are in force. */
  protected abstract alterTable(table: TableChange, change: SchemaChange): readonly Step[];

  /** Changes one column that stays. */
  protected abstract alterColumn(table: string, column: Renamed<ColumnSchema>, change: SchemaChange): readonly Step[];

  /** What stands behind the closing parenthesis of CREATE TABLE. */
  protected abstract tableOptions(table: TableSchema): string;

  /** Gives a table another comment, or none. */
  protected abstract setTableComment(table: string, comment: string | undefined): SqlStep;

  protected abstract dropConstraint(table: string, name: string): SqlStep;

  protected abstract dropForeignKey(table: string, name: string): SqlStep;

  protected abstract dropIndex(table: string, name: string): Step;

  protected alter(table: string, action: string): SqlStep {
    return sql(`ALTER TABLE ${this.table(table)} ${action}`);
  }

  protected createTable(table: TableSchema): readonly Step[] {
    const lines = this.tableLines(table).join(', ');
    return [
      sql(`CREATE TABLE ${this.table(table.name)} (${lines})${this.tableOptions(table)}`),
      ...table.indexes.map((index) => this.createIndex(table.name, index)),
      ...this.commentOnTable(table),
      ...table.columns.flatMap((column) => this.commentOn(table.name, column)),
    ];
  }

  /** A statement for the comment of a new table, where it is not part of it. */
  protected commentOnTable(_table: TableSchema): readonly SqlStep[] {
    return [];
  }

  /** A statement for a comment, where it is not part of the column. */
  protected commentOn(_table: string, _column: ColumnSchema): readonly SqlStep[] {
    return [];
  }

  protected addKeys({ after, primaryKey, uniques, indexes, checks, exclusions }: TableChange): readonly Step[] {
    return [
      ...primaryKey.added.map((key) => this.alter(after.name, `ADD ${this.primaryKeyText(key)}`)),
      ...uniques.added.flatMap((key) => this.addUnique(after.name, key)),
      ...indexes.added.flatMap((index) => this.addIndex(after.name, index)),
      ...checks.added.flatMap((check) => this.addConstraint(after.name, check.name, this.checkText(check))),
      ...exclusions.added.map((exclusion) => this.alter(after.name, `ADD ${this.exclusionText(exclusion)}`)),
    ];
  }

  protected addUnique(table: string, key: UniqueSchema): readonly Step[] {
    return [this.alter(table, `ADD ${this.uniqueText(key)}`)];
  }

  /** Adds an index to a table that has rows. */
  protected addIndex(table: string, index: IndexSchema): readonly Step[] {
    return [this.createIndex(table, index)];
  }

  /** Adds a foreign key or a check to a table that has rows. */
  protected addConstraint(table: string, _name: string, text: string): readonly Step[] {
    return [this.alter(table, `ADD ${text}`)];
  }

  protected dropKeys(table: TableChange): readonly Step[] {
    const { after, uniques, indexes } = table;
    const stays = (key: KeySchema) => !standsOn(remade(table))(key);
    return [
      ...uniques.dropped.filter(stays).map(({ name }) => this.dropUnique(after.name, name)),
      ...indexes.dropped.filter(stays).map(({ name }) => this.dropIndex(after.name, name)),
    ];
  }

  protected dropUnique(table: string, name: string): SqlStep {
    return this.dropConstraint(table, name);
  }

  protected dropColumns(table: TableChange): readonly SqlStep[] {
    const { after, droppedColumns } = table;
    const gone = goneFirst(table);
    return droppedColumns
      .filter(({ name }) => !gone.includes(name))
      .map(({ name }) => this.alter(after.name, `DROP COLUMN ${this.quote(name)}`));
  }

  protected abstract renameIndex(table: string, index: Renamed<KeySchema | IndexSchema>): SqlStep;

  private dropForeignKeys({ changed, dropped }: SchemaChange): readonly SqlStep[] {
    return [
      ...changed.flatMap(({ before, foreignKeys }) =>
        foreignKeys.dropped.map(({ name }) => this.dropForeignKey(before.name, name)),
      ),
      ...dropped.flatMap(({ name, foreignKeys }) => foreignKeys.map((key) => this.dropForeignKey(name, key.name))),
    ];
  }

  private addForeignKeys({ created, changed }: SchemaChange): readonly Step[] {
    return [
      ...created.flatMap(({ name, foreignKeys }) =>
        foreignKeys.map((key) => this.alter(name, `ADD ${this.foreignKeyText(key)}`)),
      ),
      ...changed.flatMap(({ after, foreignKeys }) =>
        foreignKeys.added.flatMap((key) => this.addConstraint(after.name, key.name, this.foreignKeyText(key))),
      ),
    ];
  }

  /**
   * What goes before anything is renamed, under the names of before: computed columns too, which may be made anew under
   * the same name, and whose parts are renamed on MySQL only while they are not there.
   */
  protected dropFirst(table: TableChange): readonly Step[] {
    const { before, uniques, indexes, checks, exclusions } = table;
    const gone = goneFirst(table);
    const standing = standsOn(remade(table));
    return [
      ...[...checks.dropped, ...exclusions.dropped].map(({ name }) => this.dropConstraint(before.name, name)),
      ...uniques.dropped.filter(standing).map(({ name }) => this.dropUnique(before.name, name)),
      ...indexes.dropped.filter(standing).map(({ name }) => this.dropIndex(before.name, name)),
      ...gone.map((name) => this.alter(before.name, `DROP COLUMN ${this.quote(name)}`)),
    ];
  }

  protected renameTable({ before, after }: TableChange): readonly SqlStep[] {
    return before.name === after.name ? [] : [this.alter(before.name, `RENAME TO ${this.table(after.name)}`)];
  }

  protected renameColumns(table: TableChange, { hints }: SchemaChange): readonly SqlStep[] {
    return columnRenames(table, hints).map(([from, to]) => this.alter(table.after.name, this.renameColumn(from, to)));
  }

  protected renameColumn(from: string, to: string): string {
    return `RENAME COLUMN ${this.quote(from)} TO ${this.quote(to)}`;
  }
}

/** The columns of a table that get other names, old and new. */
export function columnRenames(
  { before, after }: TableChange,
  hints: ChangeHints,
): readonly (readonly [string, string])[] {
  return before.columns
    .map(({ name }) => [name, newColumnName(hints, after.name, name)] as const)
    .filter(([from, to]) => from !== to);
}

/** The columns that go before anything else: hidden ones, and those that are made anew as computed ones. */
function goneFirst({ droppedColumns, addedColumns }: TableChange): readonly string[] {
  const back = new Set(addedColumns.flatMap(({ name, generated }) => (generated === 'expression' ? [name] : [])));
  return droppedColumns.filter(({ name, hidden }) => hidden || back.has(name)).map(({ name }) => name);
}

/** The columns on which nothing can stand meanwhile, under the names of before. */
function remade(table: TableChange): readonly string[] {
  const copied = table.keptColumns.filter(({ from, to }) => isCopied(from, to)).map(({ from }) => from.name);
  return [...goneFirst(table), ...copied];
}

function standsOn(names: readonly string[]): (key: KeySchema) => boolean {
  return ({ columns }) => columns.some((name) => names.includes(name));
}
