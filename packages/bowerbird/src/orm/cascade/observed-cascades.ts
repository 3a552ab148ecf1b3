import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { ReferenceGraph, tableOf } from './reference-graph.js';

/** Knows which deletions take rows along, and which of these listeners want to hear of. */
export class ObservedCascades {
  private readonly known = new Map<EntityModel, boolean>();
  private readonly taking = new Map<EntityModel, boolean>();

  constructor(private readonly engine: QueryEngine) {}

  /** Whether rows of an observed entity may go by ON DELETE CASCADE with rows of this one. */
  reach(model: EntityModel): boolean {
    const known = this.known.get(model);
    if (known !== undefined) return known;
    const found = this.search(model);
    this.known.set(model, found);
    return found;
  }

  /** Whether rows or links may go with rows of an entity. */
  takes(model: EntityModel): boolean {
    const known = this.taking.get(model);
    if (known !== undefined) return known;
    const graph = new ReferenceGraph(this.engine);
    const takes = graph.linksOf(model).length > 0 || graph.to(model).some(({ onDelete }) => onDelete === 'cascade');
    this.taking.set(model, takes);
    return takes;
  }

  private search(root: EntityModel): boolean {
    const graph = new ReferenceGraph(this.engine);
    const seen = new Set<string>();
    const waiting = [root];
    for (const model of waiting) {
      if (seen.has(tableOf(model))) continue;
      seen.add(tableOf(model));
      for (const { relation, onDelete } of graph.to(model)) {
        if (onDelete !== 'cascade') continue;
        if (this.engine.source.writes.interested(relation.from.description)) return true;
        waiting.push(relation.from);
      }
    }
    return false;
  }
}
