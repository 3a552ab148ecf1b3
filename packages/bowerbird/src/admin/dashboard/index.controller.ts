import { All, Get, Param, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { NotFoundError, PageController, type HttpRequest, type Reply } from '#http';

import { AdminGuard } from '../site/admin.guard.js';
import { namedClass } from '../site/named-class.js';
import { IndexPage } from './index-page.js';

/**
 * Makes the controller of the index, of the apps, and of every address below the admin that is nothing. The last one
 * stands behind the same guards as real pages, so that visitors cannot tell which entities exist.
 */
export function createIndexController(prefix: string): Class {
  @PageController(prefix)
  @UseGuards(AdminGuard)
  class IndexController {
    constructor(private readonly page: IndexPage) {}

    @Get()
    index(@Req() request: HttpRequest): Promise<Reply> {
      return this.page.show(request);
    }

    @Get(':app')
    app(@Param('app') app: string, @Req() request: HttpRequest): Promise<Reply> {
      return this.page.app(app, request);
    }

    @All('*path')
    nothing(@Req() request: HttpRequest): never {
      throw new NotFoundError(`There is no admin page "${request.path.slice(0, 200)}"`);
    }
  }
  return namedClass(IndexController, 'AdminIndex');
}
