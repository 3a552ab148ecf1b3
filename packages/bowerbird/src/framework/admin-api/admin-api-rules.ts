import { Injectable } from '@nestjs/common';

import {
  AdminAccess,
  AdminSite,
  FormPlans,
  RowRemoval,
  type AdminDescriptor,
  type AdminPermission,
  type FormPlan,
} from '#admin';
import { ForbiddenActionError } from '#api';
import { type AnyClass } from '#core';
import { ConflictError, currentRequest, type HttpRequest } from '#http';
import { type EntityDescription, type QuerySet } from '#orm';

/** Asks the admin for the API: who may do what with which rows and fields. */
@Injectable()
export class AdminApiRules {
  private readonly plans = new WeakMap<HttpRequest, FormPlan>();
  /** Entities of the admin of which a user may see nothing. */
  private readonly unseen = new WeakMap<HttpRequest, ReadonlySet<AnyClass>>();

  constructor(
    private readonly site: AdminSite,
    private readonly access: AdminAccess,
    private readonly forms: FormPlans,
    private readonly removal: RowRemoval,
  ) {}

  /** Whether the user may do something with an entity as a whole. Comes before everything else of a request. */
  async admits(entity: AnyClass, does: AdminPermission, request: HttpRequest): Promise<boolean> {
    const descriptor = this.site.of(entity);
    const context = this.access.context(request);
    if (!context.user.isActive || !(await this.access.may(descriptor, does, context))) return false;
    this.unseen.set(request, await this.unseenBeside(descriptor, request));
    return true;
  }

  /** Whether the user may do something with a row. */
  permits(entity: AnyClass, does: AdminPermission, row: object, request: HttpRequest): Promise<boolean> {
    return this.access.may(this.site.of(entity), does, this.access.context(request), row);
  }

  /** The rows that exist for the user, of those that policies let them see. */
  rows(entity: AnyClass, rows: QuerySet, request: HttpRequest): QuerySet {
    return this.site.of(entity).admin.query(rows, this.access.context(request));
  }

  /** As {@link rows}, for rows of any entity that stand in a list of links. */
  related({ target }: EntityDescription, rows: QuerySet, request: HttpRequest): QuerySet {
    if (this.unseen.get(request)?.has(target)) return rows.none();
    return this.site.find(target) ? this.rows(target, rows, request) : rows;
  }

  /** The fields of the form that the user may not change in this row; null for a new one. */
  async locked(descriptor: AdminDescriptor, row: object | null, request: HttpRequest): Promise<readonly string[]> {
    const plan = await this.forms.make(descriptor, this.access.context(request), row);
    this.plans.set(request, plan);
    const editable = new Set(plan.editable);
    return descriptor.form.editable.filter((path) => !editable.has(path));
  }

  /** The rows to which the user may point a relation; {@link locked} was asked before. */
  choices(path: string, rows: QuerySet): QuerySet {
    const request = currentRequest();
    const scope = request && this.plans.get(request)?.scopes.get(path);
    return scope ? scope.limit(rows) : rows.none();
  }

  /** Deletes a row in the transaction that holds it. @throws ConflictError, ForbiddenActionError */
  async remove(entity: AnyClass, row: object, request: HttpRequest): Promise<void> {
    const { preview, done } = await this.removal.remove(this.site.of(entity), this.access.context(request), row);
    if (done) return;
    if (preview.protectors.length > 0) throw new ConflictError('Other rows still refer to this one');
    throw new ForbiddenActionError('destroy');
  }

  private async unseenBeside({ entity }: AdminDescriptor, request: HttpRequest): Promise<ReadonlySet<AnyClass>> {
    const context = this.access.context(request);
    const unseen = new Set<AnyClass>();
    for (const { target } of entity.relations) {
      const related = this.site.find(target);
      if (related && !(await this.access.may(related, 'view', context))) unseen.add(target);
    }
    return unseen;
  }
}
