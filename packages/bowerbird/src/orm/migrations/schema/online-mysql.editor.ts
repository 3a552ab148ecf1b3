import { fillStep } from './fill-step.js';
import { MysqlEditor, type MysqlCollation } from './mysql.editor.js';
import { sql, type SeparateConnection, type SqlStep, type Step } from './step.js';
import { type ColumnSchema, type IndexSchema } from './table-schema.js';

/**
 * How a table may be changed while others use it. `instant`: without a look at its rows. `inplace`: without a copy, and
 * others read and write meanwhile.
 */
export type OnlineAlgorithm = 'instant' | 'inplace';

/** MySQL takes no LOCK beside INSTANT, which never locks anybody out. */
const CLAUSES: Readonly<Record<OnlineAlgorithm, string>> = {
  instant: 'ALGORITHM=INSTANT',
  inplace: 'ALGORITHM=INPLACE, LOCK=NONE',
};

/** The words of {@link OnlineAlgorithm}. */
export const ONLINE_ALGORITHMS: readonly string[] = Object.keys(CLAUSES);

/** Rows that get a value in one transaction. */
const BATCH = 5000;

/**
 * DDL of MySQL and MariaDB that says how it must be done, so that the server refuses a statement before it begins instead of
 * keeping others from the table. Values are filled in batches.
 * See https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html and
 * https://mariadb.com/kb/en/innodb-online-ddl-overview/.
 */
export class OnlineMysqlEditor extends MysqlEditor {
  private readonly clause: string;

  constructor(collation: MysqlCollation, algorithm: OnlineAlgorithm | undefined) {
    super(collation);
    this.clause = algorithm === undefined ? '' : `, ${CLAUSES[algorithm]}`;
  }

  /** A new name is written down at once, and takes no such words. */
  protected override alter(table: string, action: string): SqlStep {
    return super.alter(table, action.startsWith('RENAME TO') ? action : `${action}${this.clause}`);
  }

  /** CREATE INDEX has no commas between such words. */
  protected override addIndex(table: string, index: IndexSchema): readonly Step[] {
    return [sql(`${this.createIndex(table, index).sql}${this.clause.replaceAll(',', '')}`)];
  }

  protected override fillEmpty(table: string, { name }: ColumnSchema, value: string): readonly Step[] {
    const [target, column] = [this.table(table), this.quote(name)];
    const empty = `WHERE ${column} IS NULL`;
    const text = `UPDATE ${target} SET ${column} = ${value} ${empty}`;
    // Rows whose value comes out as NULL are left to what follows.
    const batch = async (db: SeparateConnection): Promise<number> => {
      await db.query(`${text} AND (${value}) IS NOT NULL LIMIT ${BATCH}`);
      return Number((await db.query<{ filled: number | string }>('SELECT ROW_COUNT() AS filled'))[0]!.filled);
    };
    return [fillStep({ text, batch, count: `SELECT COUNT(*) AS amount FROM ${target} ${empty}` })];
  }
}
