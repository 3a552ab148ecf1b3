import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { AuditKeeping } from './audit-keeping.js';

/** `verifyaudit`: finds entries of the audit log that somebody has changed. */
@Command({ name: 'verifyaudit', description: 'Find entries of the audit log that somebody has changed' })
export class VerifyAuditCommand extends ManagementCommand {
  constructor(private readonly keeping: AuditKeeping) {
    super();
  }

  async run(_input: CommandInput, io: CommandIo): Promise<void> {
    const { checked, altered, examples, unsigned } = await this.keeping.verify();
    if (unsigned > 0) io.out(`Without a fingerprint: ${unsigned} of ${checked} entries`);
    if (altered > 0)
      throw new CommandError(`${altered} of ${checked} entries were changed: ${examples.join(', ')}`, {
        hint: 'After a change of the secret key, keep the old one among its fallbacks',
      });
    io.out(`Checked ${checked} entries; none was changed`);
  }
}
