import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type QueryHandle } from '../query/query-handle.js';
import { join, raw, sql, type Sql } from '../query/sql/sql.js';
import { Reach } from './reach.js';
import { ReferenceGraph, tableOf, type Reference } from './reference-graph.js';

/**
 * How many rows and links the deletion of some rows would remove, by the key of their entity (`shop.product`, for links
 * with the path of their relation: `shop.product.tags`). One statement, however many rows there are.
 */
export async function countGone(
  engine: QueryEngine,
  root: EntityModel,
  rows: QueryHandle,
): Promise<ReadonlyMap<string, number>> {
  const graph = new ReferenceGraph(engine);
  const reach = new Reach(engine, graph, root, rows);
  const links = new Set(reach.tables.flatMap(({ model }) => graph.linksOf(model)));
  const parts: readonly (readonly [string, Sql])[] = [
    ...reach.tables.map((table) => {
      const isRoot = tableOf(table.model) === tableOf(root);
      const { key } = isRoot ? root.description : table.by[0]!.relation.from.description;
      return [key, raw(`(SELECT COUNT(*) FROM ${table.name})`)] as const;
    }),
    ...[...links].map((link) => [nameOf(link), linkCount(engine, reach, link)] as const),
  ];
  const columns = parts.map(([, count], index) => sql`${count} AS ${raw(`n${index}`)}`);
  const [counts] = await engine.rows(reach.statement(sql`SELECT ${join(columns, ', ')}`));
  const gone = parts.map(([key], index) => [key, Number(counts![`n${index}`])] as const);
  return new Map(gone.filter(([, count]) => count > 0));
}

function nameOf({ relation: { from }, description: { path } }: Reference): string {
  return `${from.description.key}.${path}`;
}

/** Links of which one side or the other goes. */
function linkCount(engine: QueryEngine, reach: Reach, { relation }: Reference): Sql {
  const { from, target, junction } = relation;
  const all = [...junction!.own, ...junction!.target];
  const columns = raw(all.map(({ name }) => `t.${engine.dialect.quote(name)}`).join(', '));
  const sides = [
    { table: reach.find(from), columns: junction!.own },
    { table: reach.find(target), columns: junction!.target },
  ];
  const parts = sides.flatMap(({ table, columns: own }) => {
    if (!table) return [];
    const keys = reach.keys(
      table,
      own.map(({ references }) => references),
    );
    return [sql`SELECT ${columns} FROM ${junction!.table} AS t WHERE ${reach.among('t', own, keys)}`];
  });
  return sql`(SELECT COUNT(*) FROM (${join(parts, ' UNION ')}) AS links)`;
}
