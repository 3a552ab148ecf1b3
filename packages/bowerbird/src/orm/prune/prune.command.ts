import { Inject, Injectable } from '@nestjs/common';

import { Command, CommandError, didYouMean, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { type EntityDescription } from '../describe/entity-description.js';
import { flagList } from '../migrations/commands/input.js';
import { IntegrityError } from '../orm.errors.js';
import { Pruner } from './pruner.js';

/** Deletes the rows that entities marked `@Prunable` no longer want. */
@Injectable()
@Command({
  name: 'prune',
  description: 'Delete the rows that entities marked @Prunable no longer want',
  options: [
    { flags: '--pretend', description: 'only count them' },
    { flags: '--entity <entities...>', description: 'only these entities: shop.cart' },
  ],
})
export class PruneCommand extends ManagementCommand {
  constructor(@Inject(Pruner) private readonly pruner: Pruner) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<number> {
    const entities = this.wanted(flagList(options.entity));
    if (entities.length === 0) io.out('No entity is marked @Prunable.');
    let failures = 0;
    for (const entity of entities) {
      if (options.pretend === true) io.out(`${entity.key}: ${await this.pruner.count(entity)} row(s) would go`);
      else failures += (await this.prune(entity, io)) ? 0 : 1;
    }
    return failures > 0 ? 1 : 0;
  }

  /** Rows that others refer to keep one entity from being pruned, not all. */
  private async prune(entity: EntityDescription, io: CommandIo): Promise<boolean> {
    try {
      io.out(`${entity.key}: ${await this.pruner.prune(entity)} row(s) deleted`);
      return true;
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      io.err(`${entity.key}: ${error.code}: ${error.message}`);
      return false;
    }
  }

  private wanted(names: readonly string[]): readonly EntityDescription[] {
    const known = this.pruner.entities();
    if (names.length === 0) return known;
    return names.map((name) => {
      const found = known.find(({ key }) => key === name.toLowerCase());
      if (found) return found;
      const keys = known.map(({ key }) => key);
      throw new CommandError(`No entity "${name}" is marked @Prunable. ${didYouMean(name, keys)}`.trim(), {
        hint: `Prunable: ${keys.join(', ') || 'none'}`,
      });
    });
  }
}
