import { Injectable } from '@nestjs/common';

import { RelationScopes, type RelationScope } from '../related/relation-scope.js';
import { powerPaths } from '../site/account-rank.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';

/** What one user may do with one form. */
export interface FormPlan {
  readonly descriptor: AdminDescriptor;
  readonly context: AdminContext;
  /** The row that is changed; null for a new one. */
  readonly row: object | null;
  /** Paths that are bound, in order. Nothing else is ever read from input. */
  readonly editable: readonly string[];
  /** The rows that each editable relation may be pointed at. */
  readonly scopes: ReadonlyMap<string, RelationScope>;
}

/** Decides which fields of a form a user may edit. */
@Injectable()
export class FormPlans {
  constructor(private readonly scopes: RelationScopes) {}

  /** @param changeable false shows every field without binding any */
  async make(
    descriptor: AdminDescriptor,
    context: AdminContext,
    row: object | null,
    changeable = true,
  ): Promise<FormPlan> {
    const { form, admin, entity } = descriptor;
    const locked = new Set(admin.readOnly(form.readOnly, context, row ?? undefined));
    for (const path of powerPaths(entity.target, context)) locked.add(path);
    // The key of a row cannot change: saving it under another one would make a second row.
    if (row) for (const path of entity.primaryKey) locked.add(path);
    const open = changeable ? form.editable.filter((path) => !locked.has(path)) : [];
    const scopes = new Map<string, RelationScope>();
    const editable: string[] = [];
    for (const path of open) {
      const relation = entity.relation(path);
      const scope = relation && (await this.scopes.choices(entity, relation, context));
      if (scope && !scope.visible) continue;
      if (scope) scopes.set(path, scope);
      editable.push(path);
    }
    return { descriptor, context, row, editable, scopes };
  }
}
