import { loadTargets } from '../hydrate/prefetch-targets.js';
import { loadFor } from '../hydrate/prefetch.js';
import { laterTrees, type RelationTree } from '../hydrate/relation-tree.js';
import { type TargetTree } from '../hydrate/target-tree.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type PrefetchRequest } from '../query/query-state.js';
import { QueryUsageError } from '../query/query.errors.js';
import { convertedName, knownOwners, ownerOf, relatedRows, valueOf, valuesOf } from './entity-values.js';
import { loadField } from './load-fields.js';
import { LoadGroup, type Loader } from './load-group.js';
import { loadJoined } from './load-joined.js';

/** Loads relations of entities that are there already, each for all rows of a result by one statement. */
export class RelationLoader implements Loader {
  constructor(readonly engine: QueryEngine) {}

  async value(entity: object, relation: RelationModel): Promise<unknown> {
    if (valueOf(entity, relation) === undefined) await this.loadGroup(entity, relation);
    return valueOf(entity, relation);
  }

  /** Loads what some requests name, for exactly these rows. @throws UnknownPathError, UnfitPathError, QueryUsageError */
  async loadInto(model: EntityModel, rows: readonly object[], requests: readonly PrefetchRequest[]): Promise<void> {
    if (rows.length === 0) return;
    const { relations, targets } = laterTrees(model, requests);
    for (const tree of relations) await this.loadTree(rows, tree);
    for (const tree of targets) await this.loadReferences(rows, tree);
  }

  /** Reads what references to rows of any entity say off the rows; it is loaded where they were loaded without it. */
  private async loadReferences(rows: readonly object[], tree: TargetTree): Promise<void> {
    const { model, reference } = tree;
    const columns = [reference.type, reference.key];
    for (const row of rows)
      for (const column of columns)
        if (valuesOf(row, [column])[0] === undefined) await loadField(this.engine, row, column, model);
    const references = rows.map((entity) => {
      const [type, key] = valuesOf(entity, columns);
      return { entity, type, key };
    });
    await loadTargets(this.engine, references, tree);
  }

  private async loadGroup(entity: object, relation: RelationModel): Promise<void> {
    const group = LoadGroup.of(entity);
    if ((group?.rows.length ?? 1) === 1) this.engine.source.loadWatch.note(relation.from.name, relation.path);
    if (!group) return this.load([entity], { relation, request: {}, below: [] });
    const pending = group.pending.get(relation);
    if (pending) return pending;
    const missing = group.rows.filter((row) => valueOf(row, relation) === undefined);
    const loading = this.load(missing, { relation, request: {}, below: [] });
    group.pending.set(relation, loading);
    try {
      await loading;
    } finally {
      group.pending.delete(relation);
    }
  }

  private async loadTree(rows: readonly object[], tree: RelationTree): Promise<void> {
    const { relation, request, below } = tree;
    const own = request.query === undefined && request.as === undefined;
    const isMissing = (row: object): boolean => !own || valueOf(row, relation) === undefined;
    const [missing, there] = [rows.filter(isMissing), rows.filter((row) => !isMissing(row))];
    if (missing.length > 0) await this.load(missing, tree);
    if (below.length > 0) await this.loadInto(relation.target, relatedRows(there, relation), below);
  }

  /** By the keys that the rows have, or by a join where they have none: those of a relation without a property. */
  private async load(rows: readonly object[], tree: RelationTree): Promise<void> {
    const { relation, below, request } = tree;
    const owners = relation.owning ? knownOwners(rows, relation) : rows.map((row) => ownerOf(row, relation));
    if (owners) return loadFor(this.engine, owners, tree, convertedName);
    if (request.query ?? request.as)
      throw new QueryUsageError(
        `"${relation.path}" of ${relation.from.name} leads to one row; load it without a query`,
      );
    await loadJoined(this.engine, rows, relation);
    if (below.length > 0) await this.loadInto(relation.target, relatedRows(rows, relation), below);
  }
}
