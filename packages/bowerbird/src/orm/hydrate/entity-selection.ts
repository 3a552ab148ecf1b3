import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { SelectList } from '../query/compile/select-list.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { loadShape, type LoadPlan } from '../query/query-state.js';
import { withEager } from './eager-plan.js';
import { type EntityColumns } from './entity-columns.js';
import { FieldFilter } from './field-filter.js';
import { laterTrees, pathTree, type LaterTrees, type RelationTree } from './relation-tree.js';
import { compileMapper, type RowMapper } from './row-mapper.js';
import { refuseMany, refuseNarrowed, selectEntity, subTree } from './select-entity.js';

/** What it takes to load entities together with some relations. */
export interface EntitySelection {
  readonly columns: EntityColumns;
  readonly list: SelectList;
  /** The joins that the columns come from, in the order in which they take their aliases. */
  readonly joins: readonly (readonly RelationModel[])[];
  /** Relations to load by statements of their own. */
  readonly later: LaterTrees;
  readonly map: RowMapper;
}

/** Shapes kept for each entity. */
const KEPT = 100;

/** Works out how to load entities, once for each set of relations and fields. */
export class EntitySelections {
  private readonly byModel = new WeakMap<EntityModel, Map<string, EntitySelection>>();

  constructor(private readonly strictByDefault: () => boolean) {}

  /** @throws UnknownPathError, UnfitPathError, QueryUsageError */
  of(model: EntityModel, plan: LoadPlan): EntitySelection {
    const shape = loadShape(plan);
    if (shape === undefined) return this.make(model, plan);
    const known = this.byModel.get(model) ?? new Map<string, EntitySelection>();
    this.byModel.set(model, known);
    const found = known.get(shape);
    if (found) return found;
    if (known.size >= KEPT) known.clear();
    const made = this.make(model, plan);
    known.set(shape, made);
    return made;
  }

  private make(model: EntityModel, plan: LoadPlan): EntitySelection {
    return selectionOf(new JoinScope(model, new AliasSource()), plan, plan.strict ?? this.strictByDefault());
  }
}

/** What a plan loads from the rows of a scope. @throws UnknownPathError, UnfitPathError, QueryUsageError */
export function selectionOf(scope: JoinScope, asked: LoadPlan, strict: boolean): EntitySelection {
  const { model } = scope;
  const plan = withEager(model, asked);
  const related = pathTree(model, plan.related);
  refuseMany(model, related);
  const prefetch = laterTrees(model, plan.prefetch);
  refuseNarrowed(model, prefetch);
  const list = new SelectList();
  const fields = new FieldFilter(model, plan.fields, plan.related);
  const columns = selectEntity(scope, list, { related, prefetch, fields, strict });
  return { columns, list, later: prefetch, joins: joinsOf(related, []), map: compileMapper(columns) };
}

function joinsOf(trees: readonly RelationTree[], hops: readonly RelationModel[]): (readonly RelationModel[])[] {
  return trees.flatMap(({ relation, below }) => {
    const here = [...hops, relation];
    return [here, ...joinsOf(subTree(relation.target, below), here)];
  });
}
