import { Get, Post, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { ListActions } from './list-actions.js';
import { ListPage } from './list-page.js';

/** Makes the controller of one entity's list, so that guards and the listing of routes are Nest's own. */
export function createListController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class ListController {
    constructor(
      private readonly site: AdminSite,
      private readonly page: ListPage,
      private readonly actions: ListActions,
    ) {}

    @Get()
    list(@Req() request: HttpRequest): Promise<Reply> {
      return this.page.show(this.site.of(entity), request);
    }

    @Post()
    act(@Req() request: HttpRequest): Promise<Reply> {
      return this.actions.post(this.site.of(entity), request);
    }
  }
  return namedClass(ListController, `${entity.name}AdminList`);
}
