import { Injectable } from '@nestjs/common';

import { Permissions } from '#auth';
import {
  Databases,
  Descriptions,
  FieldError,
  textJoins,
  type EntityDescription,
  type EntityKey,
  type QuerySet,
} from '#orm';

import { AdminAccess } from './admin-access.js';
import { type AdminContext } from './admin-context.js';
import { type AdminDescriptor } from './admin-descriptor.js';
import { AdminSite } from './admin-site.js';
import { keyLookups, keySegment } from './row-key.js';

/** A row by its name, with the address of its form for people who may open it. */
export interface NamedRow {
  readonly text: string;
  readonly url: string | null;
}

/** Finds and names rows of any entity for one user: only those that exist for them, with what their text form needs. */
@Injectable()
export class RowFinder {
  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly permissions: Permissions,
    private readonly descriptions: Descriptions,
    private readonly databases: Databases,
  ) {}

  /** The row with a key; null when there is none for this user, or when no row can have such a key. */
  async byKey(descriptor: AdminDescriptor, key: EntityKey, context: AdminContext): Promise<object | null> {
    const { entity } = descriptor;
    const rows = this.named(this.access.rows(descriptor, context), entity).filter(keyLookups(key, entity));
    return firstOf(rows);
  }

  /** Whether there is a row with a key at all, for whomever. */
  async exists({ entity }: AdminDescriptor, key: EntityKey): Promise<boolean> {
    const rows = this.databases.get(entity.database).objects(entity.target).filter(keyLookups(key, entity));
    return (await firstOf(rows)) !== null;
  }

  /** Every row of an entity that exists for the user; null for an entity of which they may see nothing. */
  async visible(entity: EntityDescription, context: AdminContext): Promise<QuerySet | null> {
    const descriptor = this.site.find(entity.target);
    if (descriptor) {
      const may = await this.access.may(descriptor, 'view', context);
      return may ? this.named(this.access.rows(descriptor, context), entity) : null;
    }
    const all = this.databases.get(entity.database).objects(entity.target);
    return this.named(this.permissions.scope(context.user, entity.target, all), entity);
  }

  /** A loaded row of an entity that the user may see. */
  name(entity: EntityDescription, row: object): NamedRow {
    const descriptor = this.site.find(entity.target);
    const url = descriptor ? `${descriptor.path}${keySegment(entity.keyOf(row))}/change/` : null;
    return { text: entity.text(row), url };
  }

  private named(rows: QuerySet, entity: EntityDescription): QuerySet {
    const describe = (target: Parameters<Descriptions['of']>[0]) => this.descriptions.of(target);
    return rows.selectRelated(...textJoins(entity, '', describe));
  }
}

/** A key that cannot be one of the entity's finds nothing. */
async function firstOf(rows: QuerySet): Promise<object | null> {
  try {
    return await rows.first();
  } catch (error) {
    if (error instanceof FieldError) return null;
    throw error;
  }
}
