import {
  type EntityMetadata,
  type EntitySubscriberInterface,
  type InsertEvent,
  type RemoveEvent,
  type UpdateEvent,
} from 'typeorm';

import { type AnyClass } from '#core';

import { type Descriptions } from '../describe/descriptions.js';
import { type EntityDescription } from '../describe/entity-description.js';
import { keyOfRow } from '../describe/entity-text.js';
import { adaptedKind } from '../describe/portable-columns.js';
import { type Removals } from './removals.js';
import { type UpsertWrites } from './upsert-writes.js';
import { type RelationChange, type WriteEvent } from './write-listener.js';
import { type WriteNotifier } from './write-notifier.js';
import { writtenValues } from './written-values.js';

/** What the subscriber needs once the application is built; it is registered before that. */
export interface WriteSubscriberParts {
  readonly descriptions: Descriptions;
  readonly writes: WriteNotifier;
  readonly upserts: UpsertWrites;
  readonly removals: Removals;
}

/** Turns TypeORM's events of `save` and `remove` into write events, inside of their transaction. */
export class WriteSubscriber implements EntitySubscriberInterface {
  private parts: WriteSubscriberParts | undefined;

  attach(parts: WriteSubscriberParts): void {
    this.parts = parts;
  }

  async beforeUpdate(event: UpdateEvent<object>): Promise<void> {
    keepMilliseconds(event);
    await this.readUnselected(event);
  }

  async afterInsert({ entity, entityId, metadata }: InsertEvent<object>): Promise<void> {
    if (metadata.isJunction) return this.relate(metadata, entityId, 'added');
    if (!entity || this.parts?.upserts.knows(entity)) return;
    await this.tell(metadata, (description) => ({
      kind: 'insert',
      ...this.identify(description, entity),
      after: this.values(description, entity),
    }));
  }

  async afterUpdate(event: UpdateEvent<object>): Promise<void> {
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
    await this.afterUpdate(event);
  }

  async afterRecover(event: UpdateEvent<object>): Promise<void> {
    await this.afterUpdate(event);
  }

  async beforeRemove(event: RemoveEvent<object>): Promise<void> {
    const { target } = event.metadata;
    if (typeof target === 'function' && this.parts?.descriptions.has(target as AnyClass))
      await this.parts.removals.announce(event);
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
  }

  private async tell(metadata: EntityMetadata, event: (description: EntityDescription) => WriteEvent): Promise<void> {
    const description = this.heard(metadata);
    if (description) await this.parts!.writes.notify(event(description));
  }

  /** The description of an entity that a listener is interested in. */
  private heard({ target }: EntityMetadata): EntityDescription | undefined {
    const { parts } = this;
    if (!parts || typeof target !== 'function' || !parts.descriptions.has(target as AnyClass)) return undefined;
    const description = parts.descriptions.of(target as AnyClass);
    return parts.writes.interested(description) ? description : undefined;
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
    if (!pair || !owner || !relation) return;
    await this.tell(owner, (description) => {
      const target = this.parts!.descriptions.of(relation.inverseEntityMetadata.target as AnyClass);
      const row = rowOf(junction.ownerColumns, pair);
      const keys = { added: [], removed: [], [change]: [keyOfRow(target, rowOf(junction.inverseColumns, pair))] };
      return {
        kind: 'related',
        description,
        key: keyOfRow(description, row),
        text: keyText(description, row),
        relation: { path: relation.propertyPath, ...keys } satisfies RelationChange,
      };
    });
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
