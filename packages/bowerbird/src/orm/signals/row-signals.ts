import { type EntityMetadata, type InsertEvent, type QueryRunner, type RemoveEvent, type UpdateEvent } from 'typeorm';

import { type EventOf, type Signal, type SignalShape } from '#core';

import { type EntityDescription } from '../describe/entity-description.js';
import { type DeleteShape, type SaveShape } from './entity-events.js';
import { type EntitySignals } from './entity-signals.js';

/**
 * Makes signals of TypeORM's events of single rows. TypeORM announces all rows of one `save` at once; here they are told
 * of one after another, so that receivers need not expect each other.
 */
export class RowSignals {
  private readonly last = new WeakMap<QueryRunner, Promise<void>>();

  constructor(
    private readonly signals: EntitySignals,
    /** The description of an entity that the framework knows. */
    private readonly describe: (metadata: EntityMetadata) => EntityDescription | undefined,
  ) {}

  /** A row is inserted; it has its key afterwards. */
  async inserted(
    signal: Signal<SaveShape>,
    { entity: row, metadata, queryRunner }: InsertEvent<object>,
  ): Promise<void> {
    const description = row && this.describe(metadata);
    if (!description) return;
    const hasKey = metadata.primaryColumns.every((column) => (column.getEntityValue(row) ?? null) !== null);
    await this.send(queryRunner, signal, description, () => {
      return { row, key: hasKey ? description.keyOf(row) : null, created: true, changed: [] };
    });
  }

  /** A loaded row is updated. An update by query builder names no row. */
  async updated(signal: Signal<SaveShape>, event: UpdateEvent<object>): Promise<void> {
    const { entity: row, databaseEntity, metadata, queryRunner } = event;
    const description = row && databaseEntity && this.describe(metadata);
    if (!description) return;
    await this.send(queryRunner, signal, description, () => {
      return { row, key: description.keyOf(databaseEntity), created: false, changed: changedPaths(event) };
    });
  }

  /** A loaded row is deleted, or marked as deleted. */
  async deleted(
    signal: Signal<DeleteShape>,
    { entity, databaseEntity, metadata, queryRunner }: UpdateEvent<object> | RemoveEvent<object>,
    soft: boolean,
  ): Promise<void> {
    const row = entity ?? databaseEntity;
    const description = row && this.describe(metadata);
    if (!description) return;
    await this.send(queryRunner, signal, description, () => {
      return { row, key: description.keyOf(databaseEntity ?? row), soft };
    });
  }

  private async send<F extends SignalShape>(
    runner: QueryRunner,
    signal: Signal<F>,
    description: EntityDescription,
    own: () => Omit<Extract<EventOf<F>, object>, 'entity' | 'database' | 'raw'>,
  ): Promise<void> {
    if (!this.signals.hears(description, signal)) return;
    const mine = (this.last.get(runner) ?? Promise.resolve()).then(() => this.signals.send(signal, description, own()));
    this.last.set(runner, mine);
    await mine.catch((error: unknown) => {
      // Those that wait for it fail as well; what the runner does afterwards is something else.
      if (this.last.get(runner) === mine) this.last.delete(runner);
      throw error;
    });
  }
}

/** Paths of columns and references that an update writes; events of soft removals name none. */
function changedPaths({
  updatedColumns = [],
  updatedRelations = [],
}: Partial<Pick<UpdateEvent<object>, 'updatedColumns' | 'updatedRelations'>>): readonly string[] {
  return [...new Set([...updatedColumns, ...updatedRelations].map(({ propertyPath }) => propertyPath))];
}
