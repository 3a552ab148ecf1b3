import {
  type EntityMetadata,
  type EntitySubscriberInterface,
  type InsertEvent,
  type QueryRunner,
  type RemoveEvent,
  type UpdateEvent,
} from 'typeorm';

import { type AnyClass } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { keyOfRow } from '../describe/entity-text.js';
import { adaptedKind } from '../describe/portable-columns.js';
import { movesRows } from '../model/positions/moved-rows.js';
import { type OpenRow } from '../model/positions/new-positions.js';
import { type SavedPositions } from '../model/positions/saved-positions.js';
import { giveUuids } from '../model/primary-uuid.decorator.js';
import { refuseRevival, refuseStale } from '../model/versions.js';
import { type QueryEngine } from '../query/query-engine.js';
import { type EntitySignals } from '../signals/entity-signals.js';
import { RowSignals } from '../signals/row-signals.js';
import { postDelete, postSave, preDelete, preSave } from '../signals/signals.js';
import { type Removals } from './removals.js';
import { type UpsertWrites } from './upsert-writes.js';
import { type RelationChange, type WriteEvent } from './write-listener.js';
import { type WriteNotifier } from './write-notifier.js';
import { writtenValues } from './written-values.js';

/** What the subscriber needs once the application is built; it is registered before that. */
export interface WriteSubscriberParts {
  readonly descriptions: Descriptions;
  readonly writes: WriteNotifier;
  readonly signals: EntitySignals;
  readonly engine: QueryEngine;
  readonly upserts: UpsertWrites;
  readonly removals: Removals;
  readonly positions: SavedPositions;
}

/** Turns TypeORM's events of `save` and `remove` into write events, inside of their transaction. */
export class WriteSubscriber implements EntitySubscriberInterface {
  private parts: WriteSubscriberParts | undefined;
  private rows: RowSignals | undefined;

  attach(parts: WriteSubscriberParts): void {
    this.parts = parts;
    this.rows = new RowSignals(parts.signals, (metadata) => this.known(metadata));
  }

  async beforeInsert(event: InsertEvent<object>): Promise<void> {
    const { entity, metadata, queryRunner } = event;
    const description = this.known(metadata);
    if (!entity || !description) return;
    giveUuids(description.target, [entity], this.parts!.engine.source.uuids);
    await this.place(description, queryRunner, { row: entity });
    if (this.parts!.upserts.knows(entity)) return;
    refuseRevival(this.parts!.engine, metadata, entity);
    await this.rows!.inserted(preSave, event);
  }

  async beforeUpdate(event: UpdateEvent<object>): Promise<void> {
    keepMilliseconds(event);
    await this.moveToEnd(event);
    const { entity, databaseEntity, metadata } = event;
    if (entity && databaseEntity && this.known(metadata))
      await refuseStale(this.parts!.engine, metadata, entity, databaseEntity);
    await this.rows?.updated(preSave, event);
    await this.readUnselected(event);
  }

  /** Puts a new row behind those of its parent. */
  private async place(description: EntityDescription, runner: QueryRunner, row: OpenRow): Promise<void> {
    const { positions, engine } = this.parts!;
    if (description.position) await positions.place(runner, engine.model(description.target), row);
  }

  /** Puts a row behind those of a parent that it got while it was stored. */
  private async settle(metadata: EntityMetadata, runner: QueryRunner, row: object): Promise<void> {
    const description = this.known(metadata);
    if (!description?.position) return;
    const { positions, engine } = this.parts!;
    await positions.settle(runner, engine.model(description.target), row);
  }

  /** A row that gets another parent comes last there, unless it says its position. */
  private async moveToEnd({ entity, databaseEntity, metadata, queryRunner, ...changed }: UpdateEvent<object>) {
    const description = this.known(metadata);
    if (!entity || !databaseEntity || !description?.position) return;
    const paths = [...changed.updatedColumns, ...changed.updatedRelations].map(({ propertyPath }) => propertyPath);
    // What another row's list of related rows changes is not told.
    if (paths.length === 0)
      await this.parts!.positions.watch(queryRunner, this.parts!.engine.model(description.target), entity);
    if (!movesRows(description, paths)) return;
    metadata.findColumnWithPropertyPath(description.position.path)!.setEntityValue(entity, undefined);
    await this.place(description, queryRunner, { row: entity, stored: databaseEntity });
  }

  async beforeSoftRemove(event: UpdateEvent<object>): Promise<void> {
    await this.rows?.deleted(preDelete, event, true);
  }

  async beforeRecover(event: UpdateEvent<object>): Promise<void> {
    await this.rows?.updated(preSave, event);
  }

  async afterInsert(event: InsertEvent<object>): Promise<void> {
    const { entity, entityId, metadata, queryRunner } = event;
    if (metadata.isJunction) return this.relate(metadata, entityId, 'added');
    if (!entity || this.parts?.upserts.knows(entity)) return;
    await this.settle(metadata, queryRunner, entity);
    await this.tell(metadata, (description) => ({
      kind: 'insert',
      ...this.identify(description, entity),
      after: this.values(description, entity),
    }));
    await this.rows?.inserted(postSave, event);
  }

  async afterUpdate(event: UpdateEvent<object>): Promise<void> {
    if (event.entity) await this.settle(event.metadata, event.queryRunner, event.entity);
    await this.tellUpdate(event);
    await this.rows?.updated(postSave, event);
  }

  private async tellUpdate(event: UpdateEvent<object>): Promise<void> {
    const { entity, databaseEntity, metadata } = event;
    // An update by query builder names no row; BuilderWrites and query sets report theirs themselves.
    if (!entity || !databaseEntity) return;
    forgetUnwritten(event as UpdatedRow);
    await this.tell(metadata, (description) => {
      const before = this.values(description, databaseEntity);
      const after = { ...before, ...this.values(description, entity) };
      return { kind: 'update', ...this.identify(description, databaseEntity, entity), before, after };
    });
  }

  /** Hiding a row and bringing it back are updates of its deletion date. */
  async afterSoftRemove(event: UpdateEvent<object>): Promise<void> {
    await this.tellUpdate(event);
    await this.rows?.deleted(postDelete, event, true);
  }

  async afterRecover(event: UpdateEvent<object>): Promise<void> {
    await this.afterUpdate(event);
  }

  async beforeRemove(event: RemoveEvent<object>): Promise<void> {
    const { entity, databaseEntity, metadata } = event;
    const row = entity ?? databaseEntity;
    if (!row || !this.known(metadata)) return;
    await refuseStale(this.parts!.engine, metadata, row, databaseEntity ?? row);
    await this.rows!.deleted(preDelete, event, false);
    await this.parts!.removals.announce(event);
  }

  async afterRemove(event: RemoveEvent<object>): Promise<void> {
    const { entity, databaseEntity, entityId, metadata } = event;
    const row = databaseEntity ?? entity;
    await this.parts?.removals.finished(event);
    if (metadata.isJunction) return this.relate(metadata, row ?? (entityId as object), 'removed');
    if (!row) return;
    await this.tell(metadata, (description) => ({
      kind: 'delete',
      ...this.identify(description, row, entity),
      before: this.values(description, row),
    }));
    await this.rows?.deleted(postDelete, event, false);
  }

  private async tell(metadata: EntityMetadata, event: (description: EntityDescription) => WriteEvent): Promise<void> {
    const description = this.heard(metadata);
    if (description) await this.parts!.writes.notify(event(description));
  }

  /** The description of an entity that a listener is interested in. */
  private heard(metadata: EntityMetadata): EntityDescription | undefined {
    const description = this.known(metadata);
    return description && this.parts!.writes.interested(description) ? description : undefined;
  }

  /** The description of an entity, once the application is built. */
  private known({ target }: EntityMetadata): EntityDescription | undefined {
    const { parts } = this;
    const known = parts && typeof target === 'function' && parts.descriptions.has(target as AnyClass);
    return known ? parts.descriptions.of(target as AnyClass) : undefined;
  }

  /** TypeORM compares with a row without its columns of `select: false`; listeners hear what those held as well. */
  private async readUnselected({
    databaseEntity,
    manager,
    metadata,
    updatedColumns,
  }: UpdateEvent<object>): Promise<void> {
    const unread = updatedColumns.filter(({ isSelect }) => !isSelect);
    if (!databaseEntity || unread.length === 0 || !this.heard(metadata)) return;
    const wanted = [...metadata.primaryColumns, ...unread].map(({ propertyPath }) => `unread.${propertyPath}`);
    const held = await manager
      .createQueryBuilder<object>(metadata.target, 'unread')
      .select(wanted)
      .withDeleted()
      .whereInIds(metadata.getEntityIdMap(databaseEntity))
      .getOne();
    if (held) for (const column of unread) column.setEntityValue(databaseEntity, column.getEntityValue(held));
  }

  /** A row of a junction table is a change of the relation that declares it. */
  private async relate(junction: EntityMetadata, pair: object | undefined, change: 'added' | 'removed'): Promise<void> {
    const owner = junction.ownerColumns[0]?.referencedColumn?.entityMetadata;
    const relation = owner?.manyToManyRelations.find(
      ({ junctionEntityMetadata, isOwning }) => isOwning && junctionEntityMetadata === junction,
    );
    const description = owner && this.known(owner);
    if (!pair || !relation || !description) return;
    const target = this.parts!.descriptions.of(relation.inverseEntityMetadata.target as AnyClass);
    const row = rowOf(junction.ownerColumns, pair);
    const keys = { added: [], removed: [], [change]: [keyOfRow(target, rowOf(junction.inverseColumns, pair))] };
    const moved: RelationChange = { path: relation.propertyPath, ...keys };
    const key = keyOfRow(description, row);
    await this.tell(owner, () => ({
      kind: 'related',
      description,
      key,
      text: keyText(description, row),
      relation: moved,
    }));
    await this.parts!.signals.related(description, key, moved);
  }

  private identify(
    description: EntityDescription,
    row: object,
    named: object = row,
  ): Pick<WriteEvent, 'description' | 'key' | 'text'> {
    const shown = Object.assign(Object.create(Object.getPrototypeOf(named) as object) as object, row, definedOf(named));
    return { description, key: description.keyOf(row), text: description.text(shown) };
  }

  private values(description: EntityDescription, row: object): Record<string, unknown> {
    return writtenValues(description, row, this.parts!.descriptions);
  }
}

/** TypeORM would write whole seconds on SQLite and MySQL; the property gets the moment with its milliseconds. */
function keepMilliseconds({ entity, databaseEntity, metadata, updatedColumns }: UpdateEvent<object>): void {
  const column = metadata.updateDateColumn;
  if (!entity || !column || !adaptedKind(column)) return;
  const given = databaseEntity ? updatedColumns.includes(column) : column.getEntityValue(entity) !== undefined;
  if (!given) column.setEntityValue(entity, new Date());
}

/** What is left of an update whose row is known. Events of soft removals name no columns. */
type UpdatedRow = Pick<UpdateEvent<object>, 'metadata'> &
  Partial<Pick<UpdateEvent<object>, 'updatedColumns' | 'updatedRelations'>> &
  Readonly<Record<'entity' | 'databaseEntity', object>>;

/**
 * After an update TypeORM sets every nullable property to null that the row was loaded without, whatever its column
 * holds, so that the next save of the row would write that null. Such a property becomes undefined again.
 */
function forgetUnwritten({ entity, databaseEntity, metadata, updatedColumns, updatedRelations }: UpdatedRow): void {
  for (const column of metadata.columns) {
    if (!column.isNullable || column.isVirtual || column.isDeleteDate || updatedColumns?.includes(column)) continue;
    if (column.relationMetadata && updatedRelations?.includes(column.relationMetadata)) continue;
    if (column.getEntityValue(entity) === null && column.getEntityValue(databaseEntity) !== null)
      column.setEntityValue(entity, undefined);
  }
}

function definedOf(row: object): object {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}

/** The key part of a pair as if it were a loaded row. */
function rowOf(columns: EntityMetadata['ownerColumns'], pair: object): object {
  const row = {};
  for (const column of columns) column.referencedColumn!.setEntityValue(row, pairValue(column, pair));
  return row;
}

function pairValue(column: EntityMetadata['ownerColumns'][number], pair: object): unknown {
  const values = pair as Record<string, unknown>;
  const value = values[column.propertyName] ?? values[column.databaseName];
  return typeof value === 'object' && value !== null ? column.referencedColumn!.getEntityValue(value) : value;
}

function keyText(description: EntityDescription, row: object): string {
  const key = keyOfRow(description, row);
  return `${description.label} ${typeof key === 'string' ? key : Object.values(key).join('/')}`;
}
