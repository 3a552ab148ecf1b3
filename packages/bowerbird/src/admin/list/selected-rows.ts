import { Injectable } from '@nestjs/common';

import { PermissionDeniedError, permissionFor } from '#auth';
import { type EntityKey, type QuerySet } from '#orm';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext, type AdminPermission } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';

/** Finds the rows that were selected and asks, for each of them, whether the user may. */
@Injectable()
export class SelectedRows {
  constructor(private readonly access: AdminAccess) {}

  byKeys(rows: QuerySet, keys: readonly EntityKey[]): QuerySet {
    return keys.length === 0 ? rows.none() : rows.filter({ pk__in: keys });
  }

  /** @throws PermissionDeniedError when the user may not do it to one of the rows */
  async demand(
    descriptor: AdminDescriptor,
    permission: AdminPermission,
    context: AdminContext,
    rows: QuerySet,
  ): Promise<void> {
    if (this.access.isUnlimited(descriptor, context)) return;
    for await (const row of rows.iterator())
      if (!(await this.access.may(descriptor, permission, context, row)))
        throw new PermissionDeniedError(
          `"${permissionFor(permission, descriptor.entity)}" for "${descriptor.entity.text(row)}"`,
        );
  }
}
