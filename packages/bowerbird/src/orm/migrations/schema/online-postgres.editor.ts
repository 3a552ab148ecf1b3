import { fillStep } from './fill-step.js';
import { localeSteps } from './full-text-index.js';
import { PostgresEditor } from './postgres.editor.js';
import { type SeparateConnection, type SeparateStep, type Step } from './step.js';
import { type ColumnSchema, type IndexSchema, type UniqueSchema } from './table-schema.js';

/** Rows that get a value in one transaction. */
const BATCH = 5000;

/**
 * DDL of PostgreSQL that never keeps others from reading or writing for longer than a moment. Indexes are built
 * concurrently; constraints are added for new rows first and for existing ones afterwards; values are filled in batches.
 * Each of these is committed by itself. See https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES.
 */
export class OnlinePostgresEditor extends PostgresEditor {
  protected override addIndex(table: string, index: IndexSchema): readonly Step[] {
    return [...localeSteps(index), this.concurrently(table, index.name, this.createIndex(table, index).sql)];
  }

  protected override addUnique(table: string, key: UniqueSchema): readonly Step[] {
    const index = this.createIndex(table, { ...key, unique: true });
    const name = this.quote(key.name);
    return [
      this.concurrently(table, key.name, index.sql),
      this.alter(table, `ADD CONSTRAINT ${name} UNIQUE USING INDEX ${name}${this.deferral(key.deferrable)}`),
    ];
  }

  protected override dropIndex(table: string, name: string): Step {
    return separate(`DROP INDEX CONCURRENTLY IF EXISTS ${this.indexOf(table, name)}`);
  }

  protected override addConstraint(table: string, name: string, text: string): readonly Step[] {
    const validate = `ALTER TABLE ${this.table(table)} VALIDATE CONSTRAINT ${this.quote(name)}`;
    return [this.alter(table, `ADD ${text} NOT VALID`), separate(validate)];
  }

  /** A check that is known to hold spares SET NOT NULL its own look at all rows. */
  protected override setRequired(table: string, column: ColumnSchema): readonly Step[] {
    const name = `required__${column.name}`;
    const check = `CONSTRAINT ${this.quote(name)} CHECK (${this.quote(column.name)} IS NOT NULL)`;
    return [
      ...this.addConstraint(table, name, check),
      ...super.setRequired(table, column),
      this.dropConstraint(table, name),
    ];
  }

  protected override fillEmpty(table: string, { name }: ColumnSchema, value: string): readonly Step[] {
    const [target, column] = [this.table(table), this.quote(name)];
    const rows = `SELECT ctid FROM ${target} WHERE ${column} IS NULL LIMIT ${BATCH}`;
    const text = `UPDATE ${target} SET ${column} = ${value} WHERE ctid = ANY (ARRAY(${rows})) AND ${column} IS NULL`;
    const counted = `WITH done AS (${text} RETURNING ${column}) SELECT COUNT(${column})::int AS filled FROM done`;
    // Rows whose value comes out as NULL are left to the check that follows.
    const batch = async (db: SeparateConnection) => (await db.query<{ filled: number }>(counted))[0]!.filled;
    return [fillStep({ text, batch, count: `SELECT COUNT(*) AS amount FROM ${target} WHERE ${column} IS NULL` })];
  }

  private concurrently(table: string, name: string, create: string): SeparateStep {
    const text = create.replace(/^CREATE (UNIQUE )?INDEX/, 'CREATE $1INDEX CONCURRENTLY');
    const index = this.indexOf(table, name);
    const drop = `DROP INDEX CONCURRENTLY ${index}`;
    return { ...separate(text), run: (db) => buildIndex(db, index, { create: text, drop }) };
  }
}

/** An index that was left behind half-made is invalid: it goes, and is made again; one that is valid is done. */
async function buildIndex(
  db: SeparateConnection,
  index: string,
  { create, drop }: { readonly create: string; readonly drop: string },
): Promise<void> {
  const [found] = await db.query<{ valid: boolean }>(
    'SELECT indisvalid AS valid FROM pg_catalog.pg_index WHERE indexrelid = to_regclass(?)',
    [index],
  );
  if (found?.valid) return;
  if (found) await db.query(drop);
  await db.query(create);
}

function separate(text: string): SeparateStep {
  return {
    kind: 'separate',
    label: text,
    sql: text,
    run: async (db) => {
      await db.query(text);
    },
  };
}
