import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AuditKeeping, type AuditRetention } from './audit-keeping.js';

/** `clearaudit`: removes old entries of the audit log. */
@Command({
  name: 'clearaudit',
  description: 'Remove old entries of the audit log',
  options: [
    { flags: '--days <number>', description: 'only entries that are older' },
    { flags: '--keep-last <number>', description: 'as many of the newest entries stay, however old they are' },
    { flags: '--entity <key>', description: 'only entries of this entity: shop.product' },
    { flags: '--dry-run', description: 'say how many it would be, and remove nothing' },
  ],
})
export class ClearAuditCommand extends ManagementCommand {
  constructor(private readonly keeping: AuditKeeping) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const retention: AuditRetention = {
      ...numberOf('days', options.days),
      ...numberOf('keepLast', options.keepLast),
      ...(typeof options.entity === 'string' && { entity: options.entity }),
    };
    if (retention.days === undefined && retention.keepLast === undefined)
      throw new CommandError('Say which entries may go: --days, --keep-last, or both', {
        hint: 'clearaudit --days 365 --keep-last 10000',
      });
    if (options.dryRun === true) io.out(`Would remove ${await this.keeping.countOld(retention)} entries`);
    else io.out(`Removed ${await this.keeping.deleteOld(retention)} entries`);
  }
}

function numberOf<K extends string>(name: K, given: unknown): Partial<Record<K, number>> {
  if (given === undefined) return {};
  const number = Number(given);
  if (Number.isInteger(number) && number >= 0) return { [name]: number } as Record<K, number>;
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  throw new CommandError(`--${flag} must be a whole number`);
}
