import { type Reference, type ReferenceGraph } from '../cascade/reference-graph.js';
import { referringTo } from '../cascade/referring-rows.js';
import { keyChunks, type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type QueryState } from '../query/query-state.js';
import { KeyRows, lockKeys } from '../query/run/written-keys.js';

/** Which rows of an entity go with those that they refer to. */
export type CompanyState = (model: EntityModel) => QueryState;

/**
 * Rows, and those with a deletion date that belong to them by ON DELETE CASCADE, however deep. All of them are locked
 * until the transaction ends.
 */
export class Company {
  private readonly found = new Map<EntityModel, Map<string, RawKey>>();

  constructor(
    private readonly engine: QueryEngine,
    private readonly graph: ReferenceGraph,
    private readonly stateOf: CompanyState,
  ) {}

  /** Every row by its entity, those first that were added first. */
  get rows(): readonly (readonly [EntityModel, readonly RawKey[]])[] {
    return [...this.found].map(([model, keys]) => [model, [...keys.values()]] as const);
  }

  keysOf(model: EntityModel): readonly RawKey[] {
    return [...(this.found.get(model)?.values() ?? [])];
  }

  /** Adds rows and what goes with them. */
  async add(model: EntityModel, keys: readonly RawKey[]): Promise<void> {
    const fresh = this.remember(model, keys);
    for (const reference of this.graph.to(model)) {
      const { from } = reference.relation;
      if (reference.onDelete !== 'cascade' || from.description.deletionDate === null) continue;
      for (const some of keyChunks(fresh)) await this.add(from, await this.referring(reference, model, some));
    }
  }

  private referring(reference: Reference, to: EntityModel, keys: readonly RawKey[]) {
    const state = this.stateOf(reference.relation.from);
    const lookups = referringTo(reference, new KeyRows(to, keys));
    return lockKeys(this.engine, { ...state, where: [...state.where, { op: 'lookups', lookups }] });
  }

  private remember(model: EntityModel, keys: readonly RawKey[]): readonly RawKey[] {
    const known = this.found.get(model) ?? new Map<string, RawKey>();
    this.found.set(model, known);
    const fresh = keys.filter((key) => !known.has(nameOf(key)));
    for (const key of fresh) known.set(nameOf(key), key);
    return fresh;
  }
}

function nameOf(key: RawKey): string {
  return JSON.stringify(key.map(String));
}
