import { Get, Param, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { HistoryPage } from './history-page.js';

/** Makes the controller of one entity's history pages. */
export function createHistoryController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(`${prefix}/:key/history`)
  @UseGuards(AdminGuard)
  class HistoryController {
    constructor(
      private readonly site: AdminSite,
      private readonly page: HistoryPage,
    ) {}

    @Get()
    show(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.page.show(this.site.of(entity), key, request);
    }
  }
  return namedClass(HistoryController, `${entity.name}AdminHistory`);
}
