import { type DiscoveryService } from '@nestjs/core';

import { findContributions, type Contribution } from '#core';

import { BLOCK_NAMES } from './compile/blocks.js';
import { type Helper, type Helpers } from './compile/helper.js';
import { type RendererParts } from './compiling-renderer.js';
import { builtInHelpers } from './helpers/built-in-helpers.js';
import { IntlFormats } from './helpers/intl-formats.js';
import { type AppTemplates } from './library/app-templates.js';
import { TemplateLibrary, type TemplateRoot } from './library/template-library.js';
import {
  TemplateContext,
  TemplateDirectory,
  TemplateHelper,
  type TemplateContextProvider,
  type TemplateDirectoryProvider,
  type TemplateHelperProvider,
} from './template-contributions.js';
import { type TemplateParser } from './template-parser.js';
import { type TemplatesConfig } from './templates.options.js';

/** Builds the renderer's parts from the settings, the apps and what the modules contribute. */
export function collectParts(
  parser: TemplateParser,
  config: TemplatesConfig,
  apps: AppTemplates,
  discovery: DiscoveryService,
): RendererParts {
  return {
    parser,
    library: new TemplateLibrary(templateRoots(config, apps, discovery)),
    helpers: collectHelpers(config, discovery),
    contexts: findContributions<TemplateContextProvider, void>(discovery, TemplateContext).map(
      ({ instance }) => instance,
    ),
  };
}

/** Every place for templates, in the order of the lookup: the project's, the apps', the areas'. */
export function templateRoots(
  config: TemplatesConfig,
  apps: AppTemplates,
  discovery: DiscoveryService,
): readonly TemplateRoot[] {
  const areas = findContributions<TemplateDirectoryProvider, string>(discovery, TemplateDirectory);
  return [
    ...[...config.directories, ...apps.urls].map((url) => ({ prefix: '', url, library: false })),
    ...areas.map(({ instance, meta }) => ({ prefix: meta ? `${meta}/` : '', url: instance.url, library: true })),
  ];
}

/** The helpers that modules contribute, in the order of their modules. */
export function contributedHelpers(
  discovery: DiscoveryService,
): readonly Contribution<TemplateHelperProvider, string>[] {
  return findContributions<TemplateHelperProvider, string>(discovery, TemplateHelper);
}

/** The names that a contributed helper may not take. */
export function reservedNames(): ReadonlySet<string> {
  return new Set([...BLOCK_NAMES, ...builtInHelpers(new IntlFormats('en-US', 'UTC')).keys()]);
}

function collectHelpers(config: TemplatesConfig, discovery: DiscoveryService): Helpers {
  const own = builtInHelpers(new IntlFormats(config.locale, config.timeZone));
  const contributed = contributedHelpers(discovery).map(({ instance, meta }): readonly [string, Helper] => [
    meta,
    { call: (args, options) => instance.call(args, options), requires: 0 },
  ]);
  return new Map([...contributed, ...own]);
}
