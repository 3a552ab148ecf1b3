import { type Class } from '#core';

import { setRelated } from '../hydrate/row-mapper.js';
import { keyChunks } from '../query/compile/keys.js';
import { type RelationModel } from '../query/model/relation-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, type QueryState } from '../query/query-state.js';
import { keyOf, valueOf } from './entity-values.js';
import { LoadGroup } from './load-group.js';
import { rowsByKeys } from './rows-by-keys.js';

/**
 * Loads a relation to one row whose key the rows do not have as a property: the related rows are joined to their own
 * table. Rows that refer to the same one share it.
 */
export async function loadJoined(engine: QueryEngine, rows: readonly object[], relation: RelationModel): Promise<void> {
  const { from } = relation;
  const owners = rows.map((entity) => ({ entity, ...keyOf(entity, from.primary, from) }));
  const found = new Map<string, object>();
  const shared = new SharedRows(engine, relation);
  for (const keys of keyChunks(owners.map(({ key }) => key)))
    for (const row of await rowsByKeys(engine, stateOf(relation), keys)) {
      const related = shared.take(valueOf(row, relation) as object | null);
      if (related) found.set(keyOf(row, from.primary, from).name, related);
    }
  for (const { entity, name } of owners) setRelated(relation, entity, found.get(name) ?? null);
}

/** Related rows by their keys, each once and in a group with the others. */
class SharedRows {
  private readonly rows = new Map<string, object>();
  private group: LoadGroup;

  constructor(
    engine: QueryEngine,
    private readonly relation: RelationModel,
  ) {
    this.group = new LoadGroup(engine.loader, false);
  }

  take(row: object | null): object | undefined {
    if (!row) return undefined;
    const { target } = this.relation;
    const { name } = keyOf(row, target.primary, target);
    const known = this.rows.get(name);
    if (known) return known;
    this.group = this.group.take(row);
    this.rows.set(name, row);
    return row;
  }
}

/** The rows of which nothing is loaded but their keys and the relation. */
function stateOf({ from, path }: RelationModel): QueryState {
  const state = unscopedState(from.metadata.target as Class);
  return { ...state, order: [], related: [path], fields: { only: [], deferred: [] } };
}
