import { Inject, UseGuards } from '@nestjs/common';

import { AdminSite, type AdminApi, type AdminPermission } from '#admin';
import { ModelViewSet, ViewSet, type ViewSetOptions } from '#api';
import { type AnyClass, type Class } from '#core';
import { type HttpRequest } from '#http';
import { Descriptions, type QuerySet } from '#orm';

import { AdminApiRules } from './admin-api-rules.js';
import { AdminApiGuard } from './admin-api.guard.js';
import { describeLists } from './admin-lists.js';
import { createAdminSerializer } from './admin-serializer.js';

/** Serves the rows of an entity of the admin by the rules of its admin. */
export abstract class AdminViewSet extends ModelViewSet {
  protected abstract readonly api: AdminApi;

  @Inject(AdminApiRules)
  private readonly rules: AdminApiRules;

  @Inject(AdminSite)
  private readonly site: AdminSite;

  @Inject(Descriptions)
  private readonly descriptions: Descriptions;

  override scope(request: HttpRequest, rows: QuerySet): QuerySet {
    return this.rules.rows(this.api.entity, rows, request);
  }

  override permits(does: AdminPermission, row: object, request: HttpRequest): Promise<boolean> {
    return this.rules.permits(this.api.entity, does, row, request);
  }

  override remove(row: object, request: HttpRequest): Promise<void> {
    return this.rules.remove(this.api.entity, row, request);
  }

  /** What the descriptor of the admin says, which is there once the application boots. */
  override async options(): Promise<Partial<ViewSetOptions>> {
    await this.site.ready();
    const descriptor = this.site.find(this.api.entity);
    // The checks of the admin tell of an entity that it cannot describe.
    if (!descriptor) return { fields: [] };
    const describe = (target: AnyClass) => (this.descriptions.has(target) ? this.descriptions.of(target) : undefined);
    return {
      serializer: createAdminSerializer(descriptor, this.api.name, this.rules),
      ...describeLists(descriptor, describe),
    };
  }
}

/** Makes the viewset of one entity of the admin; its other options come with the boot. */
export function createAdminViewSet(api: AdminApi): Class {
  class EntityViewSet extends AdminViewSet {
    protected override readonly api = api;
  }
  Object.defineProperty(EntityViewSet, 'name', { value: `${api.name}AdminViewSet` });
  const { path, actions } = api;
  ViewSet(api.entity as Class, { path, actions, access: 'staff' })(EntityViewSet);
  // Behind the guard of all viewsets, so that visitors were sent away before.
  UseGuards(AdminApiGuard)(EntityViewSet);
  return EntityViewSet;
}
