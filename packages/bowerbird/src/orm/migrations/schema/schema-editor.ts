import { conditionFor } from '../../describe/condition-text.js';
import { type Dialect, type OnDelete } from '../../describe/entity-description.js';
import { isPostgresOnly } from '../../describe/native-types.js';
import { UnsupportedSchemaError } from '../migrations.errors.js';
import { isSqlExpression, sqlTextFor, type ColumnType } from '../state/field-state.js';
import { columnTypeText } from './column-types.js';
import { lossConditions } from './conversions.js';
import { defaultText, emptyValue, quoteName, quoteText, valueText } from './literals.js';
import { partsText } from './own-indexes.js';
import { type ChangeHints, type Renamed, type SchemaChange } from './schema-change.js';
import { sql, type GuardStep, type SqlStep, type Step } from './step.js';
import { quotedTable, tableNameOf } from './table-name.js';
import {
  type CheckSchema,
  type ColumnSchema,
  type ExclusionSchema,
  type ForeignKeySchema,
  type IndexSchema,
  type KeySchema,
  type TableSchema,
  type UniqueSchema,
} from './table-schema.js';

/** Rows that are counted before something is dropped. */
const MOST_COUNTED = 1000;

const ON_DELETE = {
  cascade: 'CASCADE',
  protect: 'RESTRICT',
  'set-null': 'SET NULL',
  'set-default': 'SET DEFAULT',
  'no-action': 'NO ACTION',
} as const;

/** Nobody sees it who does not name it; MySQL knows the word since 8.0.23, MariaDB since 10.3.3. */
const HIDDEN = 'VIRTUAL /*!80023 INVISIBLE */ /*M!100303 INVISIBLE */';

/** A column in the words of DDL. */
export interface ColumnTexts {
  readonly type: string;
  readonly default: string | null;
  /** Of a computed column. */
  readonly expression: string | null;
}

/** Turns changes of tables into the statements of one dialect. It asks no database anything. */
export abstract class SchemaEditor {
  abstract readonly dialect: Dialect;

  /** The steps that turn the tables before into the tables after, keeping every value. */
  abstract steps(change: SchemaChange): readonly Step[];

  /** The texts of a column as this editor writes them, for comparing them with what a database says. */
  columnTexts(column: ColumnSchema): ColumnTexts {
    const value = this.databaseDefault(column);
    const expression = column.generated === 'expression' ? column.expression : undefined;
    return {
      type: this.type(column.type),
      default: value === undefined ? null : defaultText(this.dialect, column.type, value),
      expression: expression === undefined ? null : conditionFor(this.dialect, sqlTextFor(expression, this.dialect)),
    };
  }

  /** The condition of a check as this editor writes it. */
  checkCondition({ expression, values }: CheckSchema): string {
    if (!values && expression === '') return this.unsupported('words for a check whose condition it cannot ask');
    const allowed = values?.allowed.map((value) => this.text(String(value))).join(', ');
    return values ? `${this.quote(values.column)} IN (${allowed})` : conditionFor(this.dialect, expression);
  }

  /** A column as it stands in CREATE TABLE. */
  columnDefinition(column: ColumnSchema): string {
    return this.column(column);
  }

  /** What stands behind a column's type: nullability, default, identity. */
  protected abstract columnRules(column: ColumnSchema): string;

  protected quote(name: string): string {
    return quoteName(this.dialect, name);
  }

  /** A table by its whole name. Only PostgreSQL has several schemas in one database. */
  protected table(name: string): string {
    const { schema } = tableNameOf(name);
    if (schema !== undefined && this.dialect !== 'postgres') this.unsupported(`schemas (the table ${name})`);
    return quotedTable(this.dialect, name);
  }

  protected list(names: readonly string[]): string {
    return names.map((name) => this.quote(name)).join(', ');
  }

  protected text(text: string): string {
    return quoteText(this.dialect, text);
  }

  protected type(type: ColumnType): string {
    const text = columnTypeText(this.dialect, type);
    return isPostgresOnly(text, this.dialect) ? this.unsupported(`columns of the type ${text}`) : text;
  }

  protected value(type: ColumnType, value: unknown): string {
    return valueText(this.dialect, type, value);
  }

  /** Name, type and rules of a column. */
  protected column(column: ColumnSchema): string {
    return `${this.quote(column.name)} ${this.columnType(column)}${this.columnRules(column)}`;
  }

  protected columnType(column: ColumnSchema): string {
    return this.type(column.type);
  }

  /** `GENERATED ALWAYS AS …` for computed columns, nothing for others. */
  protected computed({ name, generated, expression, hidden, virtual }: ColumnSchema): string {
    if (generated !== 'expression' || expression === undefined) return '';
    const text = conditionFor(this.dialect, sqlTextFor(expression, this.dialect));
    if (text === '')
      return this.unsupported(`words for what ${hidden ? 'a unique index is made of' : `the column ${name} computes`}`);
    return ` GENERATED ALWAYS AS (${text}) ${hidden ? HIDDEN : virtual ? 'VIRTUAL' : 'STORED'}`;
  }

  /** ` DEFAULT …`, or nothing. */
  protected defaultClause(column: ColumnSchema): string {
    const value = this.databaseDefault(column);
    return value === undefined ? '' : ` DEFAULT ${defaultText(this.dialect, column.type, value)}`;
  }

  /** The default that the database keeps: the declared one, or the moment of writing for created and updated. */
  protected databaseDefault({ default: declared, generated }: ColumnSchema): unknown {
    if (declared !== undefined) return declared;
    if (generated === 'created' || generated === 'updated') return { sql: 'CURRENT_TIMESTAMP' };
    return undefined;
  }

  protected primaryKeyText({ name, columns }: KeySchema): string {
    return `CONSTRAINT ${this.quote(name)} PRIMARY KEY (${this.list(columns)})`;
  }

  /** Only PostgreSQL lets a unique set wait. */
  protected uniqueText({ name, columns, deferrable }: UniqueSchema): string {
    if (deferrable) return this.unsupported(`unique set that is checked later (${name})`);
    return `CONSTRAINT ${this.quote(name)} UNIQUE (${this.list(columns)})`;
  }

  protected checkText(check: CheckSchema): string {
    return `CONSTRAINT ${this.quote(check.name)} CHECK (${this.checkCondition(check)})`;
  }

  /** Only PostgreSQL has exclusion constraints. */
  protected exclusionText({ name }: ExclusionSchema): string {
    return this.unsupported(`exclusion constraint (${name})`);
  }

  protected foreignKeyText({ name, columns, table, references, ...rules }: ForeignKeySchema): string {
    const target = `${this.table(table)} (${this.list(references)})`;
    const key = `CONSTRAINT ${this.quote(name)} FOREIGN KEY (${this.list(columns)}) REFERENCES ${target}`;
    const rule = (event: string, action: OnDelete = 'no-action') =>
      action === 'no-action' ? '' : ` ON ${event} ${this.deleteRule(ON_DELETE[action])}`;
    return `${key}${rule('DELETE', rules.onDelete)}${rule('UPDATE', rules.onUpdate)}${this.deferral(rules.deferrable)}`;
  }

  /** When the key is checked, where that is not at once. */
  protected deferral(when: ForeignKeySchema['deferrable']): string {
    if (when === undefined) return '';
    return ` DEFERRABLE INITIALLY ${when === 'deferred' ? 'DEFERRED' : 'IMMEDIATE'}`;
  }

  protected deleteRule(rule: string): string {
    return rule;
  }

  protected createIndex(table: string, index: IndexSchema): SqlStep {
    const { name, unique, where, expressions = [] } = index;
    if (where === '' || expressions.some(({ sql: text }) => text === ''))
      return this.unsupported(`words for what the index ${name} is made of`);
    const head = `CREATE ${unique ? 'UNIQUE INDEX' : 'INDEX'} ${this.quote(name)} ON ${this.table(table)}`;
    const condition = where === undefined ? '' : ` WHERE ${where}`;
    return sql(`${head}${this.indexParts(index)}${condition}`);
  }

  /** What stands between the name of the table and the condition of an index. */
  protected indexParts(index: IndexSchema): string {
    return ` (${partsText(index, this.dialect)})`;
  }

  /** The lines between the parentheses of CREATE TABLE, without foreign keys. */
  protected tableLines({ columns, primaryKey, uniques, checks, exclusions = [] }: TableSchema): string[] {
    return [
      ...columns.map((column) => this.column(column)),
      ...(primaryKey ? [this.primaryKeyText(primaryKey)] : []),
      ...uniques.map((unique) => this.uniqueText(unique)),
      ...checks.map((check) => this.checkText(check)),
      ...exclusions.map((exclusion) => this.exclusionText(exclusion)),
    ];
  }

  /** The value for existing rows that would have none; undefined when nobody gave one. */
  protected fillValue(table: string, column: ColumnSchema, hints: ChangeHints): unknown {
    const given = hints.fills?.get(`${table}.${column.name}`);
    if (given !== undefined) return given;
    const own = this.databaseDefault(column) ?? this.generatedFill(column);
    return own === undefined && hints.fillEmpty && !column.nullable ? emptyValue(column.type) : own;
  }

  /** An expression that makes a value per row; the dialects differ in uuids. */
  protected abstract randomUuid(): string;

  private generatedFill({ generated }: ColumnSchema): unknown {
    if (generated === 'version') return 1;
    return generated === 'uuid' ? { sql: this.randomUuid() } : undefined;
  }

  /** Refuses to go on while rows have no value for a column that must have one. */
  protected guardMissing(table: string, column: string, condition = ''): GuardStep {
    return {
      kind: 'guard',
      sql: `SELECT COUNT(*) AS amount FROM ${this.table(table)}${condition}`,
      message: (amount) =>
        `${amount} row(s) of "${table}" would have no value in "${column}", which must not be empty; ` +
        'give existing rows a value with `fill` in the migration',
    };
  }

  /** Refuses to drop a table that has rows, or a column that has values; `advice` says how to do it nevertheless. */
  guardDrop(table: string, column: ColumnSchema | null, advice: string): GuardStep {
    const condition = column === null ? '' : ` WHERE ${this.hasOwnValue(column)}`;
    const what = column === null ? `row(s) of "${table}"` : `value(s) of "${table}"."${column.name}"`;
    return {
      kind: 'guard',
      loss: true,
      sql: `SELECT COUNT(*) AS amount FROM (SELECT 1 FROM ${this.table(table)}${condition} LIMIT ${MOST_COUNTED + 1}) found`,
      message: (amount) =>
        `${amount > MOST_COUNTED ? `More than ${MOST_COUNTED}` : amount} ${what} would be lost; ${advice}`,
    };
  }

  /** A value other than the one that every row would get anyway. */
  private hasOwnValue({ name, type, default: value }: ColumnSchema): string {
    const column = this.quote(name);
    const comparable =
      value !== undefined && !isSqlExpression(value) && !['json', 'binary', 'float'].includes(type.kind);
    return `${column} IS NOT NULL${comparable && type.native === undefined ? ` AND ${column} <> ${this.value(type, value)}` : ''}`;
  }

  /** Refuses to go on while stored values would not survive a change of type. */
  protected guardLoss(table: string, change: Renamed<ColumnSchema>, column: string, hints: ChangeHints): GuardStep[] {
    if (hints.lossy) return [];
    const conditions = lossConditions(this.dialect, this.quote(column), change.from.type, change.to.type);
    return conditions.map((condition) => ({
      kind: 'guard',
      sql: `SELECT COUNT(*) AS amount FROM ${this.table(table)} WHERE ${condition}`,
      message: (amount) =>
        `${amount} value(s) of "${table}"."${column}" do not fit into ${this.type(change.to.type)}; ` +
        'change them first, or say `lossy: true` in the migration to let the database change them',
    }));
  }

  protected unsupported(what: string): never {
    throw new UnsupportedSchemaError(`${this.dialect} has no ${what}`);
  }
}
