import { Get, Param, Post, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { DeletePage } from './delete-page.js';

/** Makes the controller of one entity's delete page. */
export function createDeleteController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(`${prefix}/:key/delete`)
  @UseGuards(AdminGuard)
  class DeleteController {
    constructor(
      private readonly site: AdminSite,
      private readonly page: DeletePage,
    ) {}

    @Get()
    ask(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.page.show(this.site.of(entity), key, request);
    }

    @Post()
    remove(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.page.post(this.site.of(entity), key, request);
    }
  }
  return namedClass(DeleteController, `${entity.name}AdminDelete`);
}
