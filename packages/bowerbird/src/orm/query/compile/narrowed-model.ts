import { type ExpressionContext } from '../expressions/expression.js';
import { type ColumnModel, type EntityModel } from '../model/entity-model.js';
import { type ColumnAt, type NarrowedPath, type RelationModel } from '../model/relation-model.js';
import { type Where } from '../q.js';
import { type NarrowedRelation, type QueryState } from '../query-state.js';
import { type TimeZone } from '../zones/time-zone.js';
import { Annotations } from './annotations.js';
import { compileCondition } from './condition.js';
import { crossingName, crossingOf, joinedRows } from './crossings.js';
import { ExpressionCompiler } from './expression-compiler.js';
import { JoinScope, type AliasSource, type ScopedColumn } from './join-scope.js';
import { narrowedHops } from './narrowed-reach.js';
import { isAlways } from './predicate.js';
import { zoneOf } from './zone-of.js';

/** What the conditions of narrowed relations may speak of. */
interface Around {
  /** The query around the one that narrows them. */
  readonly outer: ExpressionContext | undefined;
  readonly zone: TimeZone;
}

/**
 * An entity as a query sees it that has narrowed some relations: they are relations of it under names of their own.
 * `outer` is the query around this one, for conditions that speak of it.
 */
export function narrowedModel(
  model: EntityModel,
  { narrowed, zone }: Pick<QueryState, 'narrowed' | 'zone'>,
  outer: ExpressionContext | undefined,
): EntityModel {
  if (narrowed.length === 0) return model;
  const around = { outer, zone: zoneOf(model.dialect, { zone }) };
  const relations = narrowed.map((each) => [each.name, narrowedRelation(model, each, around)] as const);
  return model.withRelations(new Map(relations));
}

function narrowedRelation(model: EntityModel, { name, path, where }: NarrowedRelation, around: Around): RelationModel {
  const hops = narrowedHops(model, path);
  const last = hops.at(-1)!;
  return {
    path: name,
    many: hops.some(({ many }) => many),
    owning: false,
    optional: true,
    from: model,
    target: last.target,
    pairs: [],
    junction: undefined,
    metadata: last.metadata,
    narrowed: { hops, truth: truthOf(model, hops, where, around) },
  };
}

function truthOf(
  model: EntityModel,
  hops: readonly RelationModel[],
  where: Where,
  around: Around,
): NarrowedPath['truth'] {
  const crossing = crossingOf(hops);
  const bound = joinedRows(new Map(), crossing ? [crossingName(crossing)] : []);
  return (columnAt, aliases) => {
    const scope = new PassedRows(model, aliases, columnAt);
    const names = { annotations: Annotations.none, ...around, reach: 'related', bound } as const;
    const predicate = compileCondition(new ExpressionCompiler(scope, names), where);
    return isAlways(predicate) ? undefined : predicate.sql;
  };
}

/** The rows that a narrowed relation passes, whose tables another scope joins. */
class PassedRows extends JoinScope {
  constructor(
    model: EntityModel,
    aliases: AliasSource,
    private readonly columnAt: ColumnAt,
  ) {
    super(model, aliases);
  }

  /** The row that the relation starts at may be an absent one itself. */
  protected override reached(hops: readonly RelationModel[], column: ColumnModel): ScopedColumn {
    return { sql: this.columnAt(hops, column), nullable: column.nullable || hops.length === 0 };
  }
}
