import { quotedTable, wholeName } from '../../migrations/schema/table-name.js';
import { type ColumnModel, type EntityModel } from '../../query/model/entity-model.js';
import { type RelationModel } from '../../query/model/relation-model.js';
import { QueryHandle } from '../../query/query-handle.js';
import { bind, join, raw, sql, type Sql } from '../../query/sql/sql.js';

/** Which way through a tree. */
export type TreeDirection = 'ancestors' | 'descendants';

/** The table of all pairs of a tree, as far as it is needed here. */
export interface ClosureTable {
  readonly table: string;
  readonly schema?: string;
  readonly ancestors: readonly string[];
  readonly descendants: readonly string[];
}

/** The keys of the rows above or below one, as the list of an `in` lookup. */
export class TreeKeys extends QueryHandle {
  constructor(
    private readonly parent: RelationModel,
    private readonly direction: TreeDirection,
    /** The key of the row in the form of the driver. */
    private readonly key: readonly unknown[],
    private readonly closure: ClosureTable | undefined,
  ) {
    super();
  }

  override list(): Sql {
    return this.closure ? this.fromPairs(this.closure) : this.fromParents();
  }

  /** A closure table holds every pair, that of each row with itself included. */
  private fromPairs({ table, schema, ancestors, descendants }: ClosureTable): Sql {
    const { dialect } = this.parent.from;
    const [wanted, known] = this.direction === 'ancestors' ? [ancestors, descendants] : [descendants, ancestors];
    const names = (columns: readonly string[]): Sql[] => columns.map((column) => raw(dialect.quote(column)));
    const other = sql`NOT (${this.isKey(names(wanted))})`;
    const place = raw(quotedTable(dialect.name, wholeName(table, schema)));
    return sql`SELECT ${join(names(wanted), ', ')} FROM ${place} WHERE ${this.isKey(names(known))} AND ${other}`;
  }

  /** Follows the reference to the parent, level by level. UNION ends a walk that goes in circles. */
  private fromParents(): Sql {
    const { from, pairs } = this.parent;
    const primary = from.primary;
    const references = primary.map((column) => pairs.find(({ target }) => target === column)!.own);
    const [wanted, known] = this.direction === 'ancestors' ? [references, primary] : [primary, references];
    const names = primary.map((_, index) => raw(`k${index}`));
    const there = join(
      references.map((column) => sql`${columnOf(from, column)} IS NOT NULL`),
      ' AND ',
    );
    const start = sql`SELECT ${columnsOf(from, wanted)} FROM ${from.table} AS t WHERE ${this.isKey(known.map((column) => columnOf(from, column)))} AND ${there}`;
    const tie = join(
      known.map((column, index) => sql`${columnOf(from, column)} = tree.${names[index]!}`),
      ' AND ',
    );
    const step = sql`SELECT ${columnsOf(from, wanted)} FROM ${from.table} AS t INNER JOIN tree ON ${tie} WHERE ${there}`;
    const list = join(names, ', ');
    return sql`WITH RECURSIVE tree(${list}) AS (${start} UNION ${step}) SELECT ${list} FROM tree`;
  }

  private isKey(columns: readonly Sql[]): Sql {
    return join(
      columns.map((column, index) => sql`${column} = ${bind(this.key[index])}`),
      ' AND ',
    );
  }
}

function columnsOf(model: EntityModel, columns: readonly ColumnModel[]): Sql {
  return join(
    columns.map((column) => columnOf(model, column)),
    ', ',
  );
}

function columnOf({ dialect }: EntityModel, { name }: ColumnModel): Sql {
  return raw(`t.${dialect.quote(name)}`);
}
