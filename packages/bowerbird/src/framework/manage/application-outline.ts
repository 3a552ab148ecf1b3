import { type INestApplicationContext, type Type } from '@nestjs/common';
import { DiscoveryService, ModulesContainer, NestFactory } from '@nestjs/core';

import { Command, SettingsProblems, type CommandSpec } from '#core';

import { ResolvedSettings } from '../boot/resolved-settings.js';
import { NotAnApplicationError } from '../framework.errors.js';

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
  const app = await NestFactory.createApplicationContext(module, { preview: true, abortOnError: false, logger: false });
  if (find(app, ResolvedSettings) === undefined) throw new NotAnApplicationError(module.name);
  const discovery = new DiscoveryService(app.get(ModulesContainer));
  const specs = discovery
    .getProviders({ metadataKey: Command.KEY })
    .map((wrapper) => discovery.getMetadataByDecorator(Command, wrapper)!);
  const byName = new Map([SERVE, ...specs].map((spec) => [spec.name, spec]));
  const commands = [...byName.values()].sort((left, right) => left.name.localeCompare(right.name));
  return { commands, problems: find(app, SettingsProblems) ?? null };
}

/** A provider, null where the application has one that was not made, undefined where it has none. */
function find<T>(app: INestApplicationContext, token: Type<T>): T | null | undefined {
  try {
    return app.get<T | null>(token, { strict: false });
  } catch {
    return undefined;
  }
}
