import { type EntityModel } from '../query/model/entity-model.js';
import { Q, type Condition } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type QueryHandle } from '../query/query-handle.js';
import { join, raw, sql, type Sql } from '../query/sql/sql.js';
import { type DeletionEffect, type DeletionEffectKind } from './deletion-effect.js';
import { Reach, type ReachedTable } from './reach.js';
import { ReferenceGraph, tableOf, type Reference, type ReferenceRule } from './reference-graph.js';
import { referringTo } from './referring-rows.js';

/**
 * What the deletion of some rows does, counted by the database along the foreign keys: one statement for each entity or
 * relation concerned, however many rows there are.
 */
export async function deletionEffects(
  engine: QueryEngine,
  root: EntityModel,
  rows: QueryHandle,
): Promise<readonly DeletionEffect[]> {
  return new EffectCounter(engine, root, rows).all();
}

/** What happens to rows that do not go, by the rule of their reference; all others forbid the deletion. */
const KINDS: Readonly<Partial<Record<ReferenceRule, DeletionEffectKind>>> = {
  'set-null': 'empty',
  'set-default': 'reset',
  replace: 'replace',
};

class EffectCounter {
  private readonly graph: ReferenceGraph;
  private readonly reach: Reach;
  /** Tables of which rows are reached. */
  private readonly filled = new Set<ReachedTable>();
  private readonly effects: DeletionEffect[] = [];

  constructor(
    private readonly engine: QueryEngine,
    private readonly root: EntityModel,
    rows: QueryHandle,
  ) {
    this.graph = new ReferenceGraph(engine);
    this.reach = new Reach(engine, this.graph, root, rows);
  }

  async all(): Promise<readonly DeletionEffect[]> {
    for (const table of this.reach.tables) await this.deleted(table);
    for (const table of this.filled)
      for (const reference of this.graph.to(table.model))
        if (reference.onDelete !== 'cascade') await this.affected(reference);
    const links = new Set([...this.filled].flatMap(({ model }) => this.graph.linksOf(model)));
    for (const link of links) await this.unlinked(link);
    return this.effects;
  }

  private async deleted(table: ReachedTable): Promise<void> {
    const isRoot = tableOf(table.model) === tableOf(this.root);
    const by = table.by.find(({ relation }) => this.isFilled(relation.target));
    if (!isRoot && !this.isReachable(table)) return;
    const count = await this.count(this.reach.keys(table, table.model.primary));
    if (count === 0 && !isRoot) return;
    this.filled.add(table);
    const entity = isRoot ? this.root.description : (by ?? table.by[0]!).relation.from.description;
    const { description, relation } = isRoot ? {} : (by ?? table.by[0]!);
    this.add('delete', entity, count, this.whereReached(table), { description, relation });
  }

  /** Counts rows whose reference is emptied, or that forbid the deletion. Rows that go themselves are not emptied. */
  private async affected(reference: Reference): Promise<void> {
    const { relation } = reference;
    const kind = this.kindOf(reference);
    const own = this.reach.find(relation.from);
    const spared = own && this.isFilled(relation.from) && !this.isStrict(reference) ? own : undefined;
    const conditions = [this.reach.refers('t', reference)];
    const keys = spared && this.reach.keys(spared, spared.model.primary);
    if (keys) conditions.push(this.reach.among('t', spared.model.primary, keys, true));
    const rows = sql`SELECT 1 AS one FROM ${relation.from.table} AS t WHERE ${join(conditions, ' AND ')}`;
    const where = this.whereRefers(reference);
    const going: Condition<object> | undefined = spared && Q({ pk__in: this.reach.handle(spared) });
    this.add(
      kind,
      relation.from.description,
      await this.count(rows),
      going ? where.and(going.not()) : where,
      reference,
    );
  }

  private async unlinked(link: Reference): Promise<void> {
    const { from, target, junction } = link.relation;
    const columns = raw([...junction!.own, ...junction!.target].map(({ name }) => `t.${this.quote(name)}`).join(', '));
    const sides = [
      { model: from, columns: junction!.own },
      { model: target, columns: junction!.target },
    ].filter(({ model }) => this.isFilled(model));
    const parts = sides.map(({ model, columns: own }) => {
      const keys = this.reach.keys(
        this.reach.find(model)!,
        own.map(({ references }) => references),
      );
      return sql`SELECT ${columns} FROM ${junction!.table} AS t WHERE ${this.reach.among('t', own, keys)}`;
    });
    const through = sides[0]!.model.description;
    this.add('unlink', from.description, await this.count(join(parts, ' UNION ')), null, link, through);
  }

  private add(
    kind: DeletionEffectKind,
    entity: DeletionEffect['entity'],
    count: number,
    where: Condition<object> | null,
    { description, relation }: Partial<Reference>,
    through = relation?.target.description ?? null,
  ): void {
    if (count === 0 && description) return;
    this.effects.push(Object.freeze({ kind, entity, relation: description ?? null, through, count, where }));
  }

  /** By the one foreign key that leads here, whose index finds the first rows at once; otherwise by all keys. */
  private whereReached(table: ReachedTable): Condition<object> {
    const [only, ...more] = table.by;
    const direct = only && more.length === 0 && this.reach.find(only.relation.target) !== table;
    const isRoot = tableOf(table.model) === tableOf(this.root);
    if (direct && only.named && !isRoot) return this.whereRefers(only);
    return Q({ pk__in: this.reach.handle(table) });
  }

  /** The rows that refer to a reached one. */
  private whereRefers(reference: Reference): Condition<object> {
    return Q(referringTo(reference, this.handle(reference.relation.target)));
  }

  private kindOf({ onDelete }: Reference): DeletionEffectKind {
    return KINDS[onDelete] ?? 'protect';
  }

  /** Whether rows forbid the deletion although they would go with it. MySQL checks NO ACTION row by row. */
  private isStrict({ onDelete }: Reference): boolean {
    return onDelete === 'protect' || (onDelete === 'no-action' && this.engine.dialect.name === 'mysql');
  }

  /** Whether rows of the table, or of one in the same circle, refer to a table of which rows are reached. */
  private isReachable({ component }: ReachedTable): boolean {
    const circle = this.reach.tables.filter((table) => table.component === component);
    return circle.some(({ by }) => by.some(({ relation }) => this.isFilled(relation.target)));
  }

  private isFilled(model: EntityModel): boolean {
    const table = this.reach.find(model);
    return table !== undefined && this.filled.has(table);
  }

  private handle(model: EntityModel): QueryHandle {
    return this.reach.handle(this.reach.find(model)!);
  }

  private async count(rows: Sql): Promise<number> {
    const statement = this.reach.statement(sql`SELECT COUNT(*) AS n FROM (${rows}) AS counted`);
    const [row] = await this.engine.rows<{ n: string | number }>(statement);
    return Number(row?.n ?? 0);
  }

  private quote(name: string): string {
    return this.engine.dialect.quote(name);
  }
}
