import { Get, Param, Post, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, Reply, type HttpRequest } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { FormPage } from './form-page.js';
import { FormSave } from './form-save.js';

/** Makes the controller of the page that changes a row of one entity. */
export function createFormController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class FormController {
    constructor(
      private readonly site: AdminSite,
      private readonly page: FormPage,
      private readonly save: FormSave,
    ) {}

    @Get(':key/change')
    show(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.page.change(this.site.of(entity), key, request);
    }

    @Post(':key/change')
    change(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.save.change(this.site.of(entity), key, request);
    }

    @Get(':key')
    shortcut(@Param('key') key: string): Reply {
      return Reply.redirect(`${this.site.of(entity).path}${encodeURIComponent(key)}/change/`, 302);
    }
  }
  return namedClass(FormController, `${entity.name}AdminForm`);
}
