import { Injectable } from '@nestjs/common';

import { currentUser, PermissionDeniedError, permissionFor, Permissions, type AbstractUser } from '#auth';
import { type HttpRequest } from '#http';
import { Databases, type QuerySet } from '#orm';

import { isAccount, outranks } from './account-rank.js';
import { type AdminContext, type AdminPermission } from './admin-context.js';
import { type AdminDescriptor } from './admin-descriptor.js';
import { ModelAdmin } from './model-admin.js';

/** What a user may do with an entity as a whole, or with one of its rows. */
export type Allowed = Readonly<Record<AdminPermission, boolean>>;

const EVERYTHING: Allowed = { view: true, add: true, change: true, delete: true };

/** Answers who may do what in the admin: the admin class first, then policies and permissions. */
@Injectable()
export class AdminAccess {
  constructor(
    private readonly permissions: Permissions,
    private readonly databases: Databases,
  ) {}

  /** Who asks. @throws PermissionDeniedError when nobody is logged in */
  context(request: HttpRequest): AdminContext {
    const user = currentUser();
    if (!user) throw new PermissionDeniedError('a login');
    return { user, request };
  }

  /** Whether the user may; changing includes viewing. `row` is left out for the entity as a whole. */
  async may(
    descriptor: AdminDescriptor,
    permission: AdminPermission,
    context: AdminContext,
    row?: object,
  ): Promise<boolean> {
    if (this.isUnlimited(descriptor, context)) return true;
    // An account is made in two steps, the second of which changes it.
    if (permission === 'add' && isAccount(descriptor.entity.target) && !(await this.may(descriptor, 'change', context)))
      return false;
    const said = await descriptor.admin.allows(permission, context, row);
    if (said !== undefined) return said;
    if (await outranks(this.permissions, permission, context, row)) return false;
    if (await this.permissions.has(context.user, permissionFor(permission, descriptor.entity), row)) return true;
    return permission === 'view' && this.may(descriptor, 'change', context, row);
  }

  /** Whether nothing needs to be asked for single rows, because the user may do everything. */
  isUnlimited(descriptor: AdminDescriptor, { user }: AdminContext): boolean {
    return isPlain(descriptor.admin) && isAlmighty(user);
  }

  /** Whether the answer for a row can differ from that for the entity as a whole. */
  decidesByRow(descriptor: AdminDescriptor, permission: AdminPermission, context: AdminContext): boolean {
    if (this.isUnlimited(descriptor, context)) return false;
    if (!isPlain(descriptor.admin) || isAccount(descriptor.entity.target)) return true;
    return this.permissions.isDecidedByPolicy(descriptor.entity.target, permission);
  }

  /** Whether there may be rows that do not exist for the user. */
  isNarrowed(descriptor: AdminDescriptor, context: AdminContext): boolean {
    const all = this.all(descriptor);
    return this.narrowed(descriptor, all, context) !== all;
  }

  /** All four answers. */
  async allowed(descriptor: AdminDescriptor, context: AdminContext, row?: object): Promise<Allowed> {
    if (this.isUnlimited(descriptor, context)) return EVERYTHING;
    return {
      view: await this.may(descriptor, 'view', context, row),
      add: await this.may(descriptor, 'add', context, row),
      change: await this.may(descriptor, 'change', context, row),
      delete: await this.may(descriptor, 'delete', context, row),
    };
  }

  /** @throws PermissionDeniedError */
  async demand(
    descriptor: AdminDescriptor,
    permission: AdminPermission,
    context: AdminContext,
    row?: object,
  ): Promise<void> {
    if (!(await this.may(descriptor, permission, context, row)))
      throw new PermissionDeniedError(`"${permissionFor(permission, descriptor.entity)}"`);
  }

  /** The rows that exist for the user: those of the policies' scope, narrowed by the admin class. */
  rows(descriptor: AdminDescriptor, context: AdminContext): QuerySet {
    return this.narrowed(descriptor, this.all(descriptor), context);
  }

  private all({ entity }: AdminDescriptor): QuerySet {
    return this.databases.get(entity.database).objects(entity.target);
  }

  private narrowed({ entity, admin }: AdminDescriptor, rows: QuerySet, context: AdminContext): QuerySet {
    return admin.query(this.permissions.scope(context.user, entity.target, rows), context);
  }
}

function isAlmighty(user: AbstractUser): boolean {
  return user.isActive && user.isSuperuser;
}

/** Whether an admin class leaves permissions alone, so that nothing needs to be asked for superusers. */
function isPlain(admin: ModelAdmin): boolean {
  return admin.allows === ModelAdmin.prototype.allows;
}
