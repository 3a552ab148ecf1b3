import { Injectable } from '@nestjs/common';

import { Permissions } from '#auth';
import { Databases, Descriptions, type EntityDescription, type QuerySet, type RelationDescription } from '#orm';

import { givesPower, grantable } from '../site/account-rank.js';
import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminSite } from '../site/admin-site.js';

/** Which rows a user may choose for one relation. */
export interface RelationScope {
  readonly target: EntityDescription;
  /** The admin of the target; null when it has none. */
  readonly descriptor: AdminDescriptor | null;
  /** Whether the user may see rows of the target at all. */
  readonly visible: boolean;
  /** Whether the user may not choose every row of the target. */
  readonly narrowed: boolean;
  /** Narrows a query of the target to the rows that may be chosen. */
  limit(rows: QuerySet): QuerySet;
  /** The rows that may be chosen. */
  rows(): QuerySet;
}

/** Finds, for each relation of a form, the rows that exist for the user. */
@Injectable()
export class RelationScopes {
  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly permissions: Permissions,
    private readonly descriptions: Descriptions,
    private readonly databases: Databases,
  ) {}

  /** The rows that the user may see. */
  of(relation: RelationDescription, context: AdminContext): Promise<RelationScope> {
    return this.make(relation, context, (rows) => rows);
  }

  /** The rows to which the user may point a relation of an entity: of permissions and groups those that they may give. */
  async choices(
    owner: EntityDescription,
    relation: RelationDescription,
    context: AdminContext,
  ): Promise<RelationScope> {
    if (!givesPower(owner.target, relation)) return this.of(relation, context);
    const database = this.databases.get(this.descriptions.of(relation.target).database);
    return this.make(relation, context, await grantable(this.permissions, context, relation.target, database));
  }

  private async make(
    relation: RelationDescription,
    context: AdminContext,
    narrow: (rows: QuerySet) => QuerySet,
  ): Promise<RelationScope> {
    const target = this.descriptions.of(relation.target);
    const descriptor = this.site.find(relation.target) ?? null;
    const limit = (rows: QuerySet) => narrow(this.limit(rows, target, descriptor, context));
    const all = this.databases.get(target.database).objects(target.target);
    const visible = descriptor === null || (await this.access.may(descriptor, 'view', context));
    return { target, descriptor, visible, narrowed: limit(all) !== all, limit, rows: () => limit(all) };
  }

  /** The policies' scope, narrowed by the admin class of the target. */
  private limit(
    rows: QuerySet,
    target: EntityDescription,
    descriptor: AdminDescriptor | null,
    context: AdminContext,
  ): QuerySet {
    const scoped = this.permissions.scope(context.user, target.target, rows);
    return descriptor ? descriptor.admin.query(scoped, context) : scoped;
  }
}
