import { Get, Param, Post, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, type HttpRequest, type Reply } from '#http';

import { type AdminDeclaration } from '../site/admin-declaration.js';
import { AdminSite } from '../site/admin-site.js';
import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { AccountPages } from './account-pages.js';

/** Makes the controller of the pages that accounts have instead of an add form, and beside their change form. */
export function createAccountController({ entity }: AdminDeclaration, prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class AccountController {
    constructor(
      private readonly site: AdminSite,
      private readonly pages: AccountPages,
    ) {}

    @Get('add')
    blank(@Req() request: HttpRequest): Promise<Reply> {
      return this.pages.blank(this.site.of(entity), request);
    }

    @Post('add')
    add(@Req() request: HttpRequest): Promise<Reply> {
      return this.pages.add(this.site.of(entity), request);
    }

    @Get(':key/password')
    password(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.pages.password(this.site.of(entity), key, request);
    }

    @Post(':key/password')
    setPassword(@Param('key') key: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.pages.setPassword(this.site.of(entity), key, request);
    }
  }
  return namedClass(AccountController, `${entity.name}AdminAccounts`);
}
