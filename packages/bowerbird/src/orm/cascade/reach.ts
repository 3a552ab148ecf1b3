import { type ColumnModel, type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { QueryHandle } from '../query/query-handle.js';
import { join, raw, sql, type Sql } from '../query/sql/sql.js';
import { componentsFrom } from './components.js';
import { ReferenceGraph, tableOf, type Reference } from './reference-graph.js';

/** A table whose rows a deletion reaches: the common table expression of their keys. */
export interface ReachedTable {
  readonly model: EntityModel;
  /** Name of the expression: `r0`. */
  readonly name: string;
  /** The columns of the expression: the primary key, and what else foreign keys refer to. */
  readonly columns: readonly ColumnModel[];
  /** The cascading foreign keys through which its rows are reached. */
  readonly by: readonly Reference[];
  /** Position of its component: tables that reach each other share one. */
  readonly component: number;
}

/**
 * The rows that a deletion reaches along cascading foreign keys, as SQL: one `WITH RECURSIVE` of which every statement
 * takes what it needs. Tables that reach each other are one recursive expression whose rows are distinct, so that
 * circles of rows end.
 */
export class Reach {
  readonly tables: readonly ReachedTable[];
  private readonly byTable: ReadonlyMap<string, ReachedTable>;
  private readonly clause: Sql;

  constructor(
    private readonly engine: QueryEngine,
    readonly graph: ReferenceGraph,
    private readonly root: EntityModel,
    private readonly rows: QueryHandle,
  ) {
    const cascades = (model: EntityModel) => graph.to(model).filter(({ onDelete }) => onDelete === 'cascade');
    const models = new Map<string, EntityModel>();
    const unique = (model: EntityModel): EntityModel => {
      const base = graph.rootOf(model);
      const known = models.get(tableOf(base)) ?? base;
      models.set(tableOf(base), known);
      return known;
    };
    const components = componentsFrom(unique(root), (model) =>
      cascades(model).map(({ relation }) => unique(relation.from)),
    );
    const all = [...models.values()].flatMap(cascades);
    this.tables = components
      .flatMap((members, component) => members.map((model) => ({ model, component })))
      .map(({ model, component }, index) => ({
        model,
        component,
        name: `r${index}`,
        columns: this.columnsOf(model),
        by: all.filter(({ relation }) => tableOf(relation.from) === tableOf(model)),
      }));
    this.byTable = new Map(this.tables.map((table) => [tableOf(table.model), table]));
    const parts = components.map((_, index) => this.define(this.tables.filter(({ component }) => component === index)));
    this.clause = sql`WITH RECURSIVE ${join(parts, ', ')} `;
  }

  /** The reached table of an entity, or undefined when no row of it is reached. */
  find(model: EntityModel): ReachedTable | undefined {
    return this.byTable.get(tableOf(model));
  }

  /** A statement that may use the expressions of all tables. */
  statement(body: Sql): Sql {
    return sql`${this.clause}${body}`;
  }

  /** `SELECT c0 FROM r1`, for use inside of {@link statement}. */
  keys(table: ReachedTable, columns: readonly ColumnModel[]): Sql {
    return sql`SELECT ${this.names(table, columns)} FROM ${raw(table.name)}`;
  }

  /** The reached rows of a table as the value of an `in` lookup. */
  handle(table: ReachedTable): QueryHandle {
    return new ReachedKeys(this, table);
  }

  /** `(t.a, t.b) IN (SELECT …)` for columns of an alias. */
  among(alias: string, columns: readonly { readonly name: string }[], keys: Sql, not = false): Sql {
    const own = columns.map(({ name }) => raw(`${alias}.${this.quote(name)}`));
    const left = own.length === 1 ? own[0]! : sql`(${join(own, ', ')})`;
    return sql`${left} ${raw(not ? 'NOT IN' : 'IN')} (${keys})`;
  }

  /** The condition that a row of an alias refers to a reached row. */
  refers(alias: string, { relation: { target, pairs } }: Reference): Sql {
    const table = this.find(target)!;
    const keys = this.keys(
      table,
      pairs.map((pair) => pair.target),
    );
    return this.among(
      alias,
      pairs.map(({ own }) => own),
      keys,
    );
  }

  private columnsOf(model: EntityModel): readonly ColumnModel[] {
    const referred = this.graph.to(model).flatMap(({ relation }) => relation.pairs.map(({ target }) => target));
    const linked = this.graph
      .linksOf(model)
      .flatMap(({ relation: { from, target, junction } }) => [
        ...(tableOf(from) === tableOf(model) ? junction!.own : []),
        ...(tableOf(target) === tableOf(model) ? junction!.target : []),
      ]);
    const columns = [...model.primary, ...referred, ...linked.map(({ references }) => references)];
    return [...new Map(columns.map((column) => [column.name, column])).values()];
  }

  private define(members: readonly ReachedTable[]): Sql {
    const [first] = members;
    const inner = first!.by.filter(({ relation }) => members.includes(this.find(relation.target)!));
    if (members.length > 1 || inner.length > 0) return this.defineRecursive(members);
    return this.expression(
      first!,
      this.anchors(first!).map((where) => this.select(first!, this.columnList('t', first!.columns), where)),
    );
  }

  /** The conditions under which rows of a table are reached from outside of its component. */
  private anchors(table: ReachedTable): readonly Sql[] {
    const { model, component, by } = table;
    const isRoot = tableOf(model) === tableOf(this.root);
    const start = isRoot ? [this.among('t', model.primary, this.rows.list(model.primary))] : [];
    const outer = by.filter(({ relation }) => this.find(relation.target)!.component !== component);
    return [...start, ...outer.map((reference) => this.refers('t', reference))];
  }

  private select({ model }: ReachedTable, columns: Sql, where: Sql): Sql {
    return sql`SELECT ${columns} FROM ${model.table} AS t WHERE ${where}`;
  }

  private expression({ name, columns }: ReachedTable, parts: readonly Sql[]): Sql {
    const names = columns.map((_, index) => `c${index}`).join(', ');
    return sql`${raw(`${name}(${names})`)} AS (${join(parts, ' UNION ')})`;
  }

  /** One expression with the columns of all members, of which each row fills those of one; and one per member. */
  private defineRecursive(members: readonly ReachedTable[]): Sql {
    const whole = `s${members[0]!.component}`;
    const anchors = members.flatMap((member) =>
      this.anchors(member).map((where) => this.select(member, this.widened(members, member), where)),
    );
    const steps = members
      .flatMap(({ by }) => by)
      .filter(({ relation }) => members.includes(this.find(relation.target)!));
    const parts = [...anchors, this.step(whole, members, steps)];
    const views = members.map((member) => {
      const own = wideNames(member);
      const filled = raw(`SELECT DISTINCT ${own.join(', ')} FROM ${whole} WHERE ${own[0]} IS NOT NULL`);
      return this.expression(member, [filled]);
    });
    const names = members.flatMap(wideNames).join(', ');
    return join([sql`${raw(`${whole}(${names})`)} AS (${join(parts, ' UNION ')})`, ...views], ', ');
  }

  /** The columns of a member, with those of the other members as NULLs of their types. */
  private widened(members: readonly ReachedTable[], member: ReachedTable): Sql {
    return join(
      members.map((other) =>
        other === member
          ? this.columnList('t', other.columns)
          : join(
              other.columns.map(
                ({ name }) => sql`(SELECT n.${raw(this.quote(name))} FROM ${other.model.table} AS n WHERE 1 = 0)`,
              ),
              ', ',
            ),
      ),
      ', ',
    );
  }

  /**
   * The rows that refer to those found before. The recursive expression may stand only once in it (PostgreSQL), so
   * each row is repeated for each foreign key and joined through that one.
   */
  private step(whole: string, members: readonly ReachedTable[], steps: readonly Reference[]): Sql {
    const numbers = raw(steps.map((_, index) => `SELECT ${index} AS e`).join(' UNION ALL '));
    const joins = steps.map(({ relation: { from, target, pairs } }, index) => {
      const parent = this.find(target)!;
      const ties = pairs.map((pair) =>
        raw(`e${index}.${this.quote(pair.own.name)} = r.${wideNames(parent)[this.place(parent, pair.target)]}`),
      );
      return sql` LEFT JOIN ${from.table} AS ${raw(`e${index} ON n.e = ${index}`)} AND ${join(ties, ' AND ')}`;
    });
    const columns = members.flatMap((member) =>
      member.columns.map((column) => {
        const sources = steps.flatMap(({ relation }, index) =>
          this.find(relation.from) === member ? [`e${index}.${this.quote(column.name)}`] : [],
        );
        return raw(sources.length === 1 ? sources[0]! : `COALESCE(${sources.join(', ')})`);
      }),
    );
    const source = sql`${raw(whole)} AS r CROSS JOIN (${numbers}) AS n${join(joins, '')}`;
    return sql`SELECT ${join(columns, ', ')} FROM ${source}`;
  }

  private columnList(alias: string, columns: readonly ColumnModel[]): Sql {
    return raw(columns.map(({ name }) => `${alias}.${this.quote(name)}`).join(', '));
  }

  private names(table: ReachedTable, columns: readonly ColumnModel[]): Sql {
    return raw(columns.map((column) => `c${this.place(table, column)}`).join(', '));
  }

  private place(table: ReachedTable, { name }: ColumnModel): number {
    return table.columns.findIndex((column) => column.name === name);
  }

  private quote(name: string): string {
    return this.engine.dialect.quote(name);
  }
}

/** The columns of a table in the expression of its component. */
function wideNames({ name, columns }: ReachedTable): readonly string[] {
  return columns.map((_, index) => `${name}_c${index}`);
}

/** The keys of reached rows as a query. */
class ReachedKeys extends QueryHandle {
  constructor(
    private readonly reach: Reach,
    private readonly table: ReachedTable,
  ) {
    super();
  }

  override list(columns: readonly ColumnModel[] | undefined): Sql {
    return this.reach.statement(this.reach.keys(this.table, columns ?? this.table.model.primary));
  }
}
