import { Module, type DynamicModule, type INestApplicationContext, type Type } from '@nestjs/common';
import { DiscoveryService, ModulesContainer, NestFactory } from '@nestjs/core';

import { Command, type CommandSpec, type SettingsProblems } from '#core';

import { BrokenSettings } from '../boot/broken-settings.js';
import { ResolvedSettings } from '../boot/resolved-settings.js';
import { NotAnApplicationError } from '../framework.errors.js';
import { FrameworkModule } from '../framework.module.js';

/** What can be known of an application without making a single one of its providers. */
export interface ApplicationOutline {
  readonly commands: readonly CommandSpec[];
  /** What is wrong with the settings; null when nothing is. */
  readonly problems: SettingsProblems | null;
}

const SERVE: CommandSpec = {
  name: 'serve',
  description: 'Run the checks and serve the application (also without a command)',
};

/** Reads the modules without making providers: `--help` works with broken settings and without a database. */
export async function outlineApplication(module: Type): Promise<ApplicationOutline> {
  const app = await preview(module);
  if (find(app, ResolvedSettings) === undefined) throw new NotAnApplicationError(module.name);
  const broken = find(app, BrokenSettings) ?? null;
  const specs = [...commandsOf(app), ...(broken ? await usualCommands(broken.apps) : [])];
  const byName = new Map([SERVE, ...specs].map((spec) => [spec.name, spec]));
  const commands = [...byName.values()].sort((left, right) => left.name.localeCompare(right.name));
  return { commands, problems: broken?.problems ?? null };
}

function preview(module: Type | DynamicModule): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(module, { preview: true, abortOnError: false, logger: false });
}

function commandsOf(app: INestApplicationContext): readonly CommandSpec[] {
  const discovery = new DiscoveryService(app.get(ModulesContainer));
  return discovery
    .getProviders({ metadataKey: Command.KEY })
    .map((wrapper) => discovery.getMetadataByDecorator(Command, wrapper)!);
}

/** The commands that an application has with default settings, so that a misspelt verb is told from broken settings. */
async function usualCommands(apps: readonly Type[]): Promise<readonly CommandSpec[]> {
  const settings = { secretKey: 'only to list commands', database: 'sqlite::memory:' };
  try {
    return commandsOf(await preview(outlineModule(FrameworkModule.forRoot({ ...settings, apps }))));
  } catch {
    // The apps may be a part of what is wrong; that is reported with the settings.
    return commandsOf(await preview(outlineModule(FrameworkModule.forRoot(settings))));
  }
}

function outlineModule(framework: DynamicModule): Type {
  @Module({ imports: [framework] })
  class OutlineModule {}
  return OutlineModule;
}

/** A provider, null where the application has one that was not made, undefined where it has none. */
function find<T>(app: INestApplicationContext, token: Type<T>): T | null | undefined {
  try {
    return app.get<T | null>(token, { strict: false });
  } catch {
    return undefined;
  }
}
