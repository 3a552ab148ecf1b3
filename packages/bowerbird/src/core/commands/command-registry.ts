import { Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';

import { findContributions } from '../metadata/contributions.js';
import { didYouMean } from '../text/nearest.js';
import { Command } from './command.decorator.js';
import { DuplicateCommandError, UnknownCommandError } from './command.errors.js';
import { type CommandSpec, type ManagementCommand } from './command.js';

/** A verb and the provider that answers it. */
export interface RegisteredCommand {
  readonly spec: CommandSpec;
  readonly command: ManagementCommand;
}

/** Verbs that no provider answers. */
const BUILT_IN: ReadonlySet<string> = new Set(['help', 'serve']);

/** All management commands of the application. */
@Injectable()
export class CommandRegistry {
  constructor(private readonly discovery: DiscoveryService) {}

  /** The commands by name. @throws DuplicateCommandError */
  all(): readonly RegisteredCommand[] {
    const byName = new Map<string, RegisteredCommand & { readonly owner: string }>();
    for (const { instance, meta, name } of findContributions<ManagementCommand, CommandSpec>(this.discovery, Command)) {
      const owner = byName.get(meta.name)?.owner ?? (BUILT_IN.has(meta.name) ? 'the command line itself' : undefined);
      if (owner !== undefined) throw new DuplicateCommandError(meta.name, owner, name);
      byName.set(meta.name, { spec: meta, command: instance, owner: name });
    }
    return [...byName.values()].sort((left, right) => left.spec.name.localeCompare(right.spec.name));
  }

  /** One command. @throws UnknownCommandError with the nearest name */
  get(name: string): RegisteredCommand {
    const all = this.all();
    const found = all.find(({ spec }) => spec.name === name);
    if (found) return found;
    throw new UnknownCommandError(
      name,
      didYouMean(
        name,
        all.map(({ spec }) => spec.name),
      ),
    );
  }
}
