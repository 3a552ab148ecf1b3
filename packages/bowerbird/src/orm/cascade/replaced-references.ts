import { type Class } from '#core';

import { ReplacementError } from '../orm.errors.js';
import { givenAssignments, resolveAssignments, updateSql } from '../query/compile/change.js';
import { type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type Where } from '../query/q.js';
import { type QueryEngine } from '../query/query-engine.js';
import { unscopedState, type QueryState } from '../query/query-state.js';
import { changeByKeys } from '../query/run/change-by-keys.js';
import { exists } from '../query/run/count.js';
import { updateObserved } from '../query/run/observed.js';
import { KeyRows, lockKeys } from '../query/run/written-keys.js';
import { Reach } from './reach.js';
import { ReferenceGraph, type Reference } from './reference-graph.js';
import { referringTo } from './referring-rows.js';

/**
 * Gives references that say `@OnDeleteSet` another value before the rows go that they lead to. One for each deletion, so
 * that a function is asked once. Call it in the transaction of the deletion.
 */
export class ReplacedReferences {
  private readonly values = new Map<string, unknown>();

  constructor(private readonly engine: QueryEngine) {}

  /**
   * Replaces the references of rows that stay, and tells of them: a few statements for each relation concerned, however
   * many rows there are. @throws ReplacementError
   */
  async replace(root: EntityModel, keys: readonly RawKey[]): Promise<void> {
    for (const { reference, staying } of this.concerned(root, keys)) {
      const found = await lockKeys(this.engine, staying);
      if (found.length === 0) continue;
      await this.set(reference, found);
      if (await exists(this.engine, staying))
        throw refused(
          reference,
          `the ${reference.relation.target.name} that it gives is deleted as well`,
          'Keep that row: leave it out of the deletion, or let @OnDeleteSet give another one',
        );
    }
  }

  /**
   * MySQL looks at each row by itself: of rows that go together none may refer to one that goes before it. Call it when
   * everything is read that is to be told of them.
   */
  async detach(root: EntityModel, keys: readonly RawKey[]): Promise<void> {
    if (this.engine.dialect.name !== 'mysql') return;
    for (const { reference, going } of this.concerned(root, keys)) {
      const found = going ? await lockKeys(this.engine, going) : [];
      if (found.length === 0) continue;
      const { description, relation } = reference;
      const state = unscopedState(relation.from.description.target);
      const values = { [description.path]: description.nullable ? null : await this.valueFor(reference) };
      await changeByKeys(relation.from, this.engine, found, (scope, where) =>
        updateSql(scope, givenAssignments(scope, state, values), where),
      );
    }
  }

  /** The references to rows that go, with the rows that have them: those that stay, and those that go themselves. */
  private *concerned(root: EntityModel, keys: readonly RawKey[]): Generator<ConcernedRows, void, undefined> {
    const { engine } = this;
    if (keys.length === 0 || !engine.cascades.replaces(root)) return;
    const graph = new ReferenceGraph(engine);
    const reach = new Reach(engine, graph, root, new KeyRows(root, keys));
    for (const table of reach.tables)
      for (const reference of graph.to(table.model)) {
        if (reference.onDelete !== 'replace') continue;
        const { from } = reference.relation;
        const own = reach.find(from);
        const refers: Where = { op: 'lookups', lookups: referringTo(reference, reach.handle(table)) };
        const goes: Where | undefined = own && { op: 'lookups', lookups: { pk__in: reach.handle(own) } };
        const all = unscopedState(from.description.target);
        yield {
          reference,
          staying: { ...all, where: goes ? [refers, { op: 'not', part: goes }] : [refers] },
          going: goes && { ...all, where: [refers, goes] },
        };
      }
  }

  private async set(reference: Reference, keys: readonly RawKey[]): Promise<void> {
    const { engine } = this;
    const { from } = reference.relation;
    const values = { [reference.description.path]: await this.valueFor(reference) };
    const state = unscopedState(from.description.target);
    const change = (some: readonly RawKey[]) =>
      changeByKeys(from, engine, some, (scope, where) =>
        updateSql(scope, resolveAssignments(scope, state, values), where),
      );
    await updateObserved(engine, from, keys, change, { values });
  }

  /** What a reference is set to: asked for once. @throws ReplacementError */
  private async valueFor(reference: Reference): Promise<unknown> {
    const { description, relation } = reference;
    const name = `${relation.from.description.key}.${description.path}`;
    if (this.values.has(name)) return this.values.get(name);
    const { source } = this.engine;
    const entity = relation.from.description.target;
    const objects = <E extends object>(wanted: Class<E>) => source.objects(wanted);
    const value = await description.onDeleteSet!.value({ database: source.alias, entity, objects });
    if (value === undefined) throw refused(reference, 'its @OnDeleteSet gives nothing', 'Return a row, a key or null');
    if (value === null && !description.nullable)
      throw refused(reference, 'its @OnDeleteSet gives null, and it must have a value', 'Return a row or a key');
    this.values.set(name, value);
    return value;
  }
}

/** Rows whose reference leads to rows that go. */
interface ConcernedRows {
  readonly reference: Reference;
  readonly staying: QueryState;
  readonly going: QueryState | undefined;
}

function refused({ relation, description }: Reference, reason: string, hint: string): ReplacementError {
  return new ReplacementError(relation.from.name, description.path, reason, hint);
}
