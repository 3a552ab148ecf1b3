import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';

import { CompilingRenderer } from './compiling-renderer.js';
import { collectParts } from './contributed-parts.js';
import { HandlebarsParser } from './drivers/handlebars.driver.js';
import { AppTemplates } from './library/app-templates.js';
import { TemplateRenderer } from './template-renderer.js';
import { TemplatesChecks } from './templates.checks.js';
import { TemplatesConfig } from './templates.options.js';

/** Provides {@link TemplateRenderer} to every module. */
@Module({})
export class TemplatesModule {
  /** `apps`: the template directories of the installed apps, in their order; each holds templates by their full names. */
  static forRoot(config: TemplatesConfig, apps: readonly URL[] = []): DynamicModule {
    return {
      module: TemplatesModule,
      global: true,
      imports: [DiscoveryModule],
      providers: [
        { provide: TemplatesConfig, useValue: config },
        { provide: AppTemplates, useValue: new AppTemplates(apps) },
        {
          provide: TemplateRenderer,
          inject: [TemplatesConfig, AppTemplates, DiscoveryService],
          useFactory: (settings: TemplatesConfig, own: AppTemplates, discovery: DiscoveryService) =>
            new CompilingRenderer(() => collectParts(new HandlebarsParser(), settings, own, discovery), settings),
        },
        TemplatesChecks,
      ],
      exports: [TemplateRenderer, TemplatesConfig],
    };
  }
}
