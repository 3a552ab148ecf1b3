import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { MailConfig } from './mail.options.js';
import { Mailer } from './mailer.service.js';

/** `sendtestemail`: sends a mail by way of the settings, and says what became of it. */
@Command({
  name: 'sendtestemail',
  description: 'Send a test mail by way of the settings',
  options: [{ flags: '--to <address>', description: 'Who gets it; several are separated by commas' }],
  database: false,
})
export class SendTestEmailCommand extends ManagementCommand {
  constructor(
    private readonly mailer: Mailer,
    private readonly config: MailConfig,
  ) {
    super();
  }

  async run({ options }: CommandInput, io: CommandIo): Promise<void> {
    const to = typeof options.to === 'string' ? options.to.split(',').map((address) => address.trim()) : [];
    if (to.length === 0) throw new CommandError('Say who gets the mail: sendtestemail --to ann@example.com');
    const { id, accepted, rejected } = await this.mailer.send({
      to,
      subject: 'Test mail',
      text: 'This is a test. When you can read it, mail works.\n',
    });
    io.out(`Sent by ${this.config.driver?.name ?? 'nothing'} to ${accepted.join(', ')} (${id})`);
    if (rejected.length > 0) io.err(`Refused: ${rejected.join(', ')}`);
  }
}
