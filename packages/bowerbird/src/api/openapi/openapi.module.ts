import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';

import { type ApiConfig } from '../api.options.js';
import { ClientCommand } from './commands/client.command.js';
import { OpenApiCommand } from './commands/openapi.command.js';
import { DocsLinks } from './docs/docs-links.js';
import { DocsAssets, DocsPages, DocsTemplates } from './docs/docs-pages.js';
import { DocsReaders } from './docs/docs-readers.js';
import { createDocsControllers } from './docs/docs.controllers.js';
import { DocsGuard } from './docs/docs.guard.js';
import { createDocumentControllers } from './docs/document.controllers.js';
import { ViewerFiles } from './docs/viewer-files.js';
import { OpenApi } from './openapi.service.js';
import { PlainControllers } from './plain-controllers.js';
import { PlainOperations } from './plain-operations.js';
import { SecuritySchemes } from './security-schemes.js';

const DOCS = [DocsGuard, DocsReaders, DocsPages, DocsAssets, DocsTemplates, DocsLinks, ViewerFiles];

/** The description of the API, and the pages that show it. */
@Module({})
export class OpenApiModule {
  static forRoot(config: ApiConfig): DynamicModule {
    const path = config.prefix === '' ? '' : `${config.prefix}/`;
    return {
      module: OpenApiModule,
      imports: [DiscoveryModule],
      controllers: config.docs ? [...createDocumentControllers(path), ...createDocsControllers(path)] : [],
      providers: [OpenApi, PlainControllers, PlainOperations, SecuritySchemes, OpenApiCommand, ClientCommand, ...DOCS],
      exports: [OpenApi, DocsLinks, DocsReaders],
    };
  }
}
