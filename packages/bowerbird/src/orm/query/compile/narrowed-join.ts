import { type RelationModel } from '../model/relation-model.js';
import { raw, sql, type Sql } from '../sql/sql.js';
import { type AliasSource } from './join-scope.js';
import { columnSql, tie, tieJunction, type OwnColumns } from './ties.js';

/** One relation on the way, and the aliases of its table and of its junction. */
interface Link {
  readonly relation: RelationModel;
  readonly alias: string;
  readonly junction: string | undefined;
}

/** The tables of a narrowed relation in one statement, joined with each other: its rows are there whole or not at all. */
export class NarrowedJoin {
  private readonly links: readonly Link[];

  /** The last alias is that of the relation's rows. */
  constructor(
    private readonly relation: RelationModel,
    private readonly aliases: AliasSource,
    last: string,
  ) {
    const { hops } = relation.narrowed!;
    this.links = hops.map((hop, index) => ({
      relation: hop,
      alias: index === hops.length - 1 ? last : aliases.take(),
      junction: hop.junction ? aliases.take() : undefined,
    }));
  }

  /** Every table, ready for a FROM. */
  get tables(): Sql {
    const [first, ...rest] = this.links as [Link, ...Link[]];
    return rest.reduce(
      (before, link, index) => {
        const near = this.links[index]!;
        const own: OwnColumns = (column) => columnSql(near.alias, column, near.relation.target);
        const on = sql`${before} INNER JOIN ${headOf(link)} ON ${tie(link.relation, own, link.junction ?? link.alias)}`;
        return throughJunction(on, link);
      },
      throughJunction(headOf(first), first),
    );
  }

  /** The tables as what one JOIN takes. */
  get joined(): Sql {
    const [only, ...rest] = this.links;
    return rest.length === 0 && !only!.junction ? this.tables : sql`(${this.tables})`;
  }

  /** What ties the rows to the one outside, the condition included. */
  tie(own: OwnColumns): Sql {
    const [first] = this.links as [Link];
    const tied = tie(first.relation, own, first.junction ?? first.alias);
    const truth = this.relation.narrowed!.truth((hops, column) => {
      const link = this.links[hops.length - 1];
      return link ? columnSql(link.alias, column, link.relation.target) : own(column);
    }, this.aliases);
    return truth ? sql`${tied} AND ${truth}` : tied;
  }
}

function headOf({ relation, alias, junction }: Link): Sql {
  return junction ? sql`${relation.junction!.table} AS ${raw(junction)}` : tableOf(relation, alias);
}

function throughJunction(before: Sql, { relation, alias, junction }: Link): Sql {
  if (!junction) return before;
  return sql`${before} INNER JOIN ${tableOf(relation, alias)} ON ${tieJunction(relation, junction, alias)}`;
}

function tableOf({ target }: RelationModel, alias: string): Sql {
  return sql`${target.table} AS ${raw(alias)}`;
}
