import { type EntityDescription } from '../describe/entity-description.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { ReferenceGraph, tableOf } from './reference-graph.js';

/** What deletions of rows of an entity lead to. */
interface Reached {
  /** Entities of which rows may go by ON DELETE CASCADE. */
  readonly going: readonly EntityDescription[];
  /** Whether references to what goes may be replaced. */
  readonly replaces: boolean;
}

/** Knows which deletions take rows along, and which of these listeners want to hear of. */
export class ObservedCascades {
  private readonly known = new Map<EntityModel, Reached>();
  private readonly taking = new Map<EntityModel, boolean>();

  constructor(private readonly engine: QueryEngine) {}

  /** Whether rows of an observed entity may go by ON DELETE CASCADE with rows of this one. */
  reach(model: EntityModel): boolean {
    return this.reached(model).going.some((description) => hearsCascades(this.engine, description));
  }

  /** Whether rows that refer to rows of this one, or to what goes with them, may get another reference. */
  replaces(model: EntityModel): boolean {
    return this.reached(model).replaces;
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

  private reached(model: EntityModel): Reached {
    const reached = this.known.get(model) ?? this.search(model);
    this.known.set(model, reached);
    return reached;
  }

  private search(root: EntityModel): Reached {
    const going = new Set<EntityDescription>();
    let replaces = false;
    const graph = new ReferenceGraph(this.engine);
    const seen = new Set<string>();
    const waiting = [root];
    for (const model of waiting) {
      if (seen.has(tableOf(model))) continue;
      seen.add(tableOf(model));
      for (const { relation, onDelete } of graph.to(model)) {
        replaces ||= onDelete === 'replace';
        if (onDelete !== 'cascade') continue;
        going.add(relation.from.description);
        waiting.push(relation.from);
      }
    }
    return { going: [...going], replaces };
  }
}

/** Whether anybody hears of rows of an entity that go by cascade. */
export function hearsCascades({ source: { writes, signals } }: QueryEngine, description: EntityDescription): boolean {
  return writes.interested(description) || signals.hearsCascades(description);
}
