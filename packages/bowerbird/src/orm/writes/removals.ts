import { type QueryRunner, type RemoveEvent } from 'typeorm';

import { type Class } from '#core';

import { cascadedRows, type CascadedRows } from '../cascade/cascaded-rows.js';
import { ReplacedReferences } from '../cascade/replaced-references.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { keyChunks, type RawKey } from '../query/compile/keys.js';
import { type EntityModel } from '../query/model/entity-model.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type WriteEvent } from './write-listener.js';

/** The rows of one `remove`: TypeORM announces all of them before it removes the first. */
interface Removal {
  readonly keys: Map<EntityModel, RawKey[]>;
  /** The same as texts. */
  readonly names: Set<string>;
  /** The only row of an entity, for its text. */
  readonly rows: Map<EntityModel, object>;
  readonly company: Promise<readonly CascadedRows[]>;
  told: boolean;
}

/**
 * Reads what goes by ON DELETE CASCADE with the rows of a `remove`, and tells of it when they are gone; references to them
 * that say so get another value first.
 */
export class Removals {
  private readonly gathering = new WeakMap<QueryRunner, Removal>();
  private readonly byRow = new WeakMap<object, Removal>();

  constructor(private readonly engine: QueryEngine) {}

  /** Before a row is removed. */
  async announce({ queryRunner, entity, databaseEntity, metadata }: RemoveEvent<object>): Promise<void> {
    const row = entity ?? databaseEntity;
    if (!row || typeof metadata.target !== 'function') return;
    const model = this.engine.model(metadata.target as Class);
    const key = metadata.primaryColumns.map((column) => column.getEntityValue(databaseEntity ?? row) as unknown);
    if (key.some((value) => value === undefined || value === null)) return;
    const removal = this.gathering.get(queryRunner) ?? this.begin(queryRunner);
    this.byRow.set(row, removal);
    const keys = removal.keys.get(model) ?? [];
    keys.push(key);
    removal.keys.set(model, keys);
    removal.rows.set(model, row);
    removal.names.add(nameOf(model.description, key));
    await removal.company;
  }

  /** After a row was removed: the first one of a `remove` tells for all. */
  async finished({ entity, databaseEntity }: RemoveEvent<object>): Promise<void> {
    const row = entity ?? databaseEntity;
    const removal = row && this.byRow.get(row);
    if (!removal || removal.told) return;
    removal.told = true;
    for (const company of await removal.company)
      await company.tell((event) => removal.names.has(nameOf(event.description, keyOf(event))));
  }

  private begin(runner: QueryRunner): Removal {
    const parts = {
      keys: new Map<EntityModel, RawKey[]>(),
      names: new Set<string>(),
      rows: new Map<EntityModel, object>(),
    };
    // The announcements come in one go: when this goes on, all of them are here.
    const company = Promise.resolve().then(() => {
      this.gathering.delete(runner);
      return this.read(parts);
    });
    const removal = { ...parts, company, told: false };
    this.gathering.set(runner, removal);
    return removal;
  }

  private async read({ keys, rows }: Pick<Removal, 'keys' | 'rows'>): Promise<readonly CascadedRows[]> {
    const found: CascadedRows[] = [];
    const replaced = new ReplacedReferences(this.engine);
    for (const [model, all] of keys)
      for (const some of keyChunks(all)) {
        const text = all.length === 1 ? model.description.text(rows.get(model)!) : undefined;
        await replaced.replace(model, some);
        found.push(await cascadedRows(this.engine, model, some, text));
        await replaced.detach(model, some);
      }
    return found;
  }
}

/** Which row it is: one that goes by cascade and was to be removed anyway is told of already. */
function nameOf({ key }: EntityDescription, values: RawKey): string {
  return JSON.stringify([key, ...values.map(String)]);
}

function keyOf({ description, key }: WriteEvent): RawKey {
  return typeof key === 'string' ? [key] : description.primaryKey.map((path) => key[path]);
}
