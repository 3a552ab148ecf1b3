import { Get, Param, Req, UseGuards } from '@nestjs/common';

import { type Class } from '#core';
import { PageController, Public, type HttpRequest, type Reply } from '#http';

import { DocsPages } from './docs-pages.js';
import { DocsGuard } from './docs.guard.js';
import { ViewerFiles } from './viewer-files.js';

/** Makes the controllers of the pages. @param path of the API, with a slash behind where it is not empty */
export function createDocsControllers(path: string): readonly Class[] {
  @PageController(`${path}docs`)
  @Public()
  @UseGuards(DocsGuard)
  class ApiDocsController {
    constructor(
      private readonly pages: DocsPages,
      private readonly files: ViewerFiles,
    ) {}

    @Get()
    show(@Req() request: HttpRequest): Promise<Reply> {
      return this.pages.show('swagger', request);
    }

    @Get('files/:name')
    file(@Req() request: HttpRequest, @Param('name') name: string): Promise<Reply> {
      return this.files.reply(request, name);
    }
  }

  @PageController(`${path}redoc`)
  @Public()
  @UseGuards(DocsGuard)
  class ApiRedocController {
    constructor(private readonly pages: DocsPages) {}

    @Get()
    show(@Req() request: HttpRequest): Promise<Reply> {
      return this.pages.show('redoc', request);
    }
  }
  return [ApiDocsController, ApiRedocController];
}
