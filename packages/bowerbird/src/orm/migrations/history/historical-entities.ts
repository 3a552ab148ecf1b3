import { didYouMean } from '#core';

import { type Dialect } from '../../describe/entity-description.js';
import { MigrationStateError } from '../migrations.errors.js';
import { type StepConnection } from '../schema/step.js';
import { resolveKey, tableOfEntity, tableOfPairs } from '../state/entity-state.js';
import { isJunction } from '../state/field-state.js';
import { fieldOf, type ProjectState } from '../state/project-state.js';
import { columnsOfEntity, columnsOfPairs } from './historical-columns.js';
import { HistoricalEntity } from './historical-entity.js';

/** Where historical entities are read and written. */
export interface HistoryConnection {
  readonly dialect: Dialect;
  readonly db: StepConnection;
}

/**
 * The entities as they were at one point of the history: what they have are the fields that the migrations so far gave them,
 * whatever the classes say today.
 */
export class HistoricalEntities {
  constructor(
    private readonly state: ProjectState,
    private readonly app: string,
    private readonly connection: HistoryConnection,
  ) {}

  /** An entity by its name in the same app, or by `app.Entity`. @throws MigrationStateError when there is none */
  get(name: string): HistoricalEntity {
    const key = resolveKey(this.app, name);
    if (!this.state.has(key)) {
      const hint = didYouMean(key, this.state.entities.keys());
      throw new MigrationStateError(`There is no entity ${key} at this point of the history. ${hint}`.trim(), {
        hint: 'A migration that reads entities of another app depends on the one that made them',
      });
    }
    const entity = this.state.get(key);
    return new HistoricalEntity(key, tableOfEntity(entity), columnsOfEntity(this.state, entity), this.connection);
  }

  /** The pairs of a many-to-many relation, as rows with the columns of its table. @throws MigrationStateError */
  pairs(name: string, path: string): HistoricalEntity {
    const key = resolveKey(this.app, name);
    const owner = this.state.get(key);
    const field = fieldOf(owner, path);
    if (!isJunction(field)) throw new MigrationStateError(`${key}.${path} is not a many-to-many relation`);
    const columns = columnsOfPairs(this.state, owner, field);
    return new HistoricalEntity(`${key}.${path}`, tableOfPairs(owner, field), columns, this.connection);
  }
}
