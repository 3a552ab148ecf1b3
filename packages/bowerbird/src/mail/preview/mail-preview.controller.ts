import { Get, Param, Post, Query } from '@nestjs/common';

import { PageController, Public, type Reply } from '#http';

import { MailPreviewPages } from './mail-preview-pages.js';
import { PREVIEW_PATH } from './preview-path.js';

/** Shows mails in development; part of no application that runs in production. */
@PageController(PREVIEW_PATH)
@Public()
export class MailPreviewController {
  constructor(private readonly pages: MailPreviewPages) {}

  @Get()
  list(): Promise<Reply> {
    return this.pages.list();
  }

  @Get(':name')
  show(@Param('name') name: string, @Query('part') part?: unknown): Promise<Reply> {
    return this.pages.show(name, typeof part === 'string' ? part : undefined);
  }

  @Get(':name/html')
  html(@Param('name') name: string): Promise<Reply> {
    return this.pages.html(name);
  }

  @Get(':name/files/:index')
  file(@Param('name') name: string, @Param('index') index: string): Promise<Reply> {
    return this.pages.file(name, index);
  }

  @Post('clear')
  clear(): Promise<Reply> {
    return this.pages.clear();
  }
}
