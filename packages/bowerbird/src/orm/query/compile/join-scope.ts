import { type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type RelationModel } from '../model/relation-model.js';
import { join, NOTHING, raw, sql, type Sql } from '../sql/sql.js';
import { type ExpressionCompiler } from './expression-compiler.js';
import { NarrowedJoin } from './narrowed-join.js';
import { type GivenNames } from './source-table.js';
import { columnOf, columnSql, tie, tieJunction, type OwnColumns } from './ties.js';

/** Gives out the table aliases of one statement: `t0`, `t1`, … */
export class AliasSource {
  private next = 0;

  take(): string {
    const alias = `t${this.next}`;
    this.next += 1;
    return alias;
  }
}

/** A column in a statement, and whether it may be NULL there: by itself or because its row was joined and is absent. */
export interface ScopedColumn {
  readonly sql: Sql;
  readonly nullable: boolean;
}

/** Where a {@link JoinScope} starts other than at the rows of an entity. */
export interface ScopeStart {
  /** The relation whose rows it starts at; they are tied to a row outside. */
  readonly relation: RelationModel;
  /** Whether there may be no such row. */
  readonly optional: boolean;
}

/** A table that was worked out for a statement, joined by a whole clause. */
export interface DerivedJoin {
  /** Whether anything is asked of it. */
  readonly needed: boolean;
  /** The clause, for which more may have to be joined before it. */
  sql(): Sql;
}

interface JoinNode {
  readonly model: EntityModel;
  readonly alias: string;
  /** Whether the row may be absent. */
  readonly optional: boolean;
  readonly joins: Map<string, JoinNode>;
  /** The relation that leads here; undefined at the start of a statement. */
  readonly relation: RelationModel | undefined;
  /** Alias of the junction table of that relation. */
  readonly junction: string | undefined;
  /** The tables of that relation, when a query has narrowed it. */
  readonly narrowed: NarrowedJoin | undefined;
  /** False while the junction alone is enough: it holds the key of the target. */
  tableNeeded: boolean;
}

/**
 * The tables of one FROM clause. Asking for a column joins what leads to it, once. A row that must exist is joined by
 * INNER JOIN, any other by LEFT JOIN, and nothing is joined where the row before already holds the value.
 */
export class JoinScope {
  private readonly root: JoinNode;
  private readonly derived: DerivedJoin[] = [];
  /** What else than the entity has values here: the table of queries that the statement begins with. */
  readonly given?: GivenNames;
  /** What compiles the expressions of this statement, once it was made. */
  compiler: ExpressionCompiler | undefined;

  constructor(
    readonly model: EntityModel,
    readonly aliases: AliasSource,
    start?: ScopeStart,
    /** The query around this one, for a subquery. */
    readonly outer?: ExpressionContext,
  ) {
    this.root = this.node(model, start?.optional ?? false, start?.relation);
  }

  get alias(): string {
    return this.root.alias;
  }

  /** How many tables relations have led to so far. */
  get joinCount(): number {
    return countJoins(this.root) + this.derived.filter(({ needed }) => needed).length;
  }

  /** Whether it starts at a junction table. */
  get hasJunction(): boolean {
    return this.root.junction !== undefined;
  }

  get hasJoins(): boolean {
    return this.root.joins.size > 0 || this.derived.some(({ needed }) => needed);
  }

  /** The paths that tell its rows apart. */
  get places(): readonly string[] {
    return this.model.primary.map(({ path }) => path);
  }

  /** A column of the row that the relations lead to. */
  column(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    const last = hops.at(-1);
    const held = last?.owning ? last.pairs.find(({ target }) => target === column) : undefined;
    if (held) return this.column(hops.slice(0, -1), held.own);
    return this.reached(hops, column);
  }

  /** A column of the table that the relations lead to, which is joined even where the value is nearer at hand. */
  joinedColumn(hops: readonly RelationModel[], column: ColumnModel): Sql {
    const node = this.follow(hops);
    node.tableNeeded = true;
    return columnSql(node.alias, column, node.model);
  }

  /** Joins a table that was worked out for this statement, behind those that relations lead to. */
  joinDerived(table: DerivedJoin): void {
    this.derived.push(table);
  }

  /** Joins the tables that the relations lead to, and returns the alias of the last one. */
  joinTable(hops: readonly RelationModel[]): string {
    const node = this.follow(hops);
    node.tableNeeded = true;
    return node.alias;
  }

  /** `table AS t0` with every join that was asked for. */
  from(): Sql {
    const { junction, relation, model, alias, narrowed } = this.root;
    const joins = this.joins();
    if (narrowed) return sql`${narrowed.tables}${joins}`;
    const table = sql`${model.table} AS ${raw(alias)}`;
    if (!junction) return sql`${table}${joins}`;
    const through = sql`${relation!.junction!.table} AS ${raw(junction)}`;
    if (!this.root.tableNeeded) return through;
    return sql`${through} INNER JOIN ${table} ON ${tieJunction(relation!, junction, alias)}${joins}`;
  }

  /** The rows of the relation at the start as LEFT JOINs, after a FROM that has one row. */
  fromOptional(own: OwnColumns): Sql {
    const joins = this.joins();
    return sql`${joinClause(this.root, own)}${joins}`;
  }

  /** The condition that ties the rows at the start to the row outside, whose columns `own` gives. */
  tie(own: OwnColumns): Sql {
    const { relation, junction, alias, narrowed } = this.root;
    return narrowed ? narrowed.tie(own) : tie(relation!, own, junction ?? alias);
  }

  /** The column of the junction table at the start that refers to a column of the row outside. */
  junctionColumn(name: string): Sql {
    return columnOf(this.root.junction!, name, this.model);
  }

  /** A column of the table that the relations lead to. */
  protected reached(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    return columnIn(this.follow(hops), column);
  }

  /** Every join; conditions of the later ones may ask for more of what stands before them. */
  protected joins(): Sql {
    const derived = this.derived.toReversed().map((table) => (table.needed ? table.sql() : NOTHING));
    const clauses: Sql[] = [];
    collectJoins(this.root, clauses);
    return join([...clauses, ...derived.reverse()], '');
  }

  private follow(hops: readonly RelationModel[]): JoinNode {
    return hops.reduce((node, hop) => this.joined(node, hop), this.root);
  }

  private joined(parent: JoinNode, relation: RelationModel): JoinNode {
    parent.tableNeeded = true;
    const known = parent.joins.get(relation.path);
    if (known) return known;
    const made = this.node(relation.target, parent.optional || relation.optional, relation);
    parent.joins.set(relation.path, made);
    return made;
  }

  private node(model: EntityModel, optional: boolean, relation?: RelationModel): JoinNode {
    const alias = this.aliases.take();
    const junction = relation?.junction ? this.aliases.take() : undefined;
    const narrowed = relation?.narrowed && new NarrowedJoin(relation, this.aliases, alias);
    return { model, alias, optional, joins: new Map(), relation, junction, narrowed, tableNeeded: !junction };
  }
}

function columnIn(node: JoinNode, column: ColumnModel): ScopedColumn {
  const nullable = node.optional || column.nullable;
  const held = node.relation?.junction?.target.find(({ references }) => references === column);
  if (held) return { sql: columnOf(node.junction!, held.name, node.model), nullable };
  node.tableNeeded = true;
  return { sql: columnSql(node.alias, column, node.model), nullable };
}

function joinClause(node: JoinNode, own: OwnColumns): Sql {
  const kind = raw(node.optional ? ' LEFT JOIN ' : ' INNER JOIN ');
  const { junction, alias, model, narrowed } = node;
  const relation = node.relation!;
  if (narrowed) return sql`${kind}${narrowed.joined} ON ${narrowed.tie(own)}`;
  const table = sql`${kind}${model.table} AS ${raw(alias)} ON `;
  if (!junction) return sql`${table}${tie(relation, own, alias)}`;
  const through = sql`${kind}${relation.junction!.table} AS ${raw(junction)} ON ${tie(relation, own, junction)}`;
  return node.tableNeeded ? sql`${through}${table}${tieJunction(relation, junction, alias)}` : through;
}

function countJoins({ joins }: JoinNode): number {
  return [...joins.values()].reduce((count, node) => count + 1 + countJoins(node), 0);
}

function collectJoins(node: JoinNode, clauses: Sql[]): void {
  for (const child of node.joins.values()) {
    clauses.push(joinClause(child, (column) => columnSql(node.alias, column, node.model)));
    collectJoins(child, clauses);
  }
}
