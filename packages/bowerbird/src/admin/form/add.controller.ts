import { Get, Post, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { FormPage } from './form-page.js';
import { FormSave } from './form-save.js';

/** Makes the controller of the page that adds a row to one entity. */
export function createAddController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class AddController {
    constructor(
      private readonly site: AdminSite,
      private readonly page: FormPage,
      private readonly save: FormSave,
    ) {}

    @Get('add')
    blank(@Req() request: HttpRequest): Promise<Reply> {
      return this.page.add(this.site.of(entity), request);
    }

    @Post('add')
    add(@Req() request: HttpRequest): Promise<Reply> {
      return this.save.add(this.site.of(entity), request);
    }
  }
  return namedClass(AddController, `${entity.name}AdminAdd`);
}
