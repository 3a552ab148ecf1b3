import { AliasSource, JoinScope } from '../query/compile/join-scope.js';
import { SelectList } from '../query/compile/select-list.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { compileMapper, type EntityColumns, type RowMapper } from './row-mapper.js';
import { refuseMany, relationTree, selectEntity, type RelationTree } from './select-entity.js';

/** What it takes to load entities together with some relations. */
export interface EntitySelection {
  readonly columns: EntityColumns;
  readonly list: SelectList;
  /** The joins that the columns come from, in the order in which they take their aliases. */
  readonly joins: readonly (readonly RelationModel[])[];
  /** Relations to load by statements of their own. */
  readonly later: readonly RelationTree[];
  readonly map: RowMapper;
}

/** Shapes kept for each entity. */
const KEPT = 100;

/** Works out how to load entities, once for each set of relations. */
export class EntitySelections {
  private readonly byModel = new WeakMap<EntityModel, Map<string, EntitySelection>>();

  /** @throws UnknownPathError, UnfitPathError */
  of(model: EntityModel, related: readonly string[], prefetch: readonly string[]): EntitySelection {
    const known = this.byModel.get(model) ?? new Map<string, EntitySelection>();
    this.byModel.set(model, known);
    const shape = `${related.join()}|${prefetch.join()}`;
    const found = known.get(shape);
    if (found) return found;
    if (known.size >= KEPT) known.clear();
    const made = makeSelection(model, related, prefetch);
    known.set(shape, made);
    return made;
  }
}

function makeSelection(model: EntityModel, related: readonly string[], prefetch: readonly string[]): EntitySelection {
  const tree = relationTree(model, related);
  refuseMany(model, tree);
  const later = relationTree(model, prefetch);
  const list = new SelectList();
  const columns = selectEntity(new JoinScope(model, new AliasSource()), list, { related: tree, prefetch: later });
  return { columns, list, later, joins: joinsOf(tree, []), map: compileMapper(columns) };
}

function joinsOf(tree: readonly RelationTree[], hops: readonly RelationModel[]): (readonly RelationModel[])[] {
  return tree.flatMap(({ relation, below }) => {
    const here = [...hops, relation];
    return [here, ...joinsOf(below, here)];
  });
}
