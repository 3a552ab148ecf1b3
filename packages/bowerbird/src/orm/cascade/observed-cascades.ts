import { type EntityDescription } from '../describe/entity-description.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { ReferenceGraph, tableOf } from './reference-graph.js';

/** Knows which deletions take rows along, and which of these listeners want to hear of. */
export class ObservedCascades {
  private readonly known = new Map<EntityModel, readonly EntityDescription[]>();
  private readonly taking = new Map<EntityModel, boolean>();

  constructor(private readonly engine: QueryEngine) {}

  /** Whether rows of an observed entity may go by ON DELETE CASCADE with rows of this one. */
  reach(model: EntityModel): boolean {
    const reached = this.known.get(model) ?? this.search(model);
    this.known.set(model, reached);
    return reached.some((description) => hearsCascades(this.engine, description));
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

  private search(root: EntityModel): readonly EntityDescription[] {
    const reached = new Set<EntityDescription>();
    const graph = new ReferenceGraph(this.engine);
    const seen = new Set<string>();
    const waiting = [root];
    for (const model of waiting) {
      if (seen.has(tableOf(model))) continue;
      seen.add(tableOf(model));
      for (const { relation, onDelete } of graph.to(model)) {
        if (onDelete !== 'cascade') continue;
        reached.add(relation.from.description);
        waiting.push(relation.from);
      }
    }
    return [...reached];
  }
}

/** Whether anybody hears of rows of an entity that go by cascade. */
export function hearsCascades({ source: { writes, signals } }: QueryEngine, description: EntityDescription): boolean {
  return writes.interested(description) || signals.hearsCascades(description);
}
