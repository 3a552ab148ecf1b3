import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { DuplicateEmailError } from '../auth.errors.js';
import { Passwords } from '../passwords/passwords.service.js';
import { isEmailAddress } from '../users/email-address.js';
import { Users } from '../users/users.service.js';
import { newPassword, PASSWORD_OPTIONS } from './new-password.js';

const MAX_TRIES = 3;

/** Makes an account that may do everything. */
@Command({
  name: 'createsuperuser',
  description: 'Create an account that may do everything',
  options: [
    { flags: '--email <address>', description: 'The address to log in with; asked for when absent' },
    { flags: '--no-input', description: 'Ask nothing; needs --email and a way to the password' },
    { flags: '--if-none', description: 'Do nothing when there is an active superuser already' },
    ...PASSWORD_OPTIONS,
  ],
})
export class CreateSuperuserCommand extends ManagementCommand {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    if (input.options.ifNone === true && (await this.users.hasSuperuser())) {
      io.out('There is a superuser already');
      return;
    }
    const email = await this.email(input, io);
    const { password, generated } = await newPassword(this.passwords, { email }, input, io);
    await this.create(email, password);
    io.out(`Created the superuser ${email}`);
    if (generated) io.out(`Password: ${password}`);
  }

  private async create(email: string, password: string): Promise<void> {
    try {
      await this.users.createSuperuser({ email, password });
    } catch (error) {
      // Somebody else may have taken the address since it was looked up.
      if (error instanceof DuplicateEmailError) throw taken(email);
      throw error;
    }
  }

  private async email({ options }: CommandInput, io: CommandIo): Promise<string> {
    if (typeof options.email === 'string') return this.free(options.email);
    if (options.input === false || !io.interactive)
      throw new CommandError('Nobody can type the e-mail address', { hint: 'Add --email' });
    for (let tries = 1; ; tries += 1) {
      const answer = await io.ask('E-mail address');
      try {
        return await this.free(answer);
      } catch (error) {
        if (!(error instanceof CommandError) || tries === MAX_TRIES) throw error;
        io.err(`${error.message}.`);
      }
    }
  }

  /** The address in its one spelling. @throws CommandError when it is none, or somebody has it */
  private async free(address: string): Promise<string> {
    const email = this.users.normalizeEmail(address);
    if (!isEmailAddress(email)) throw new CommandError(`"${address}" is no e-mail address`);
    if (await this.users.findByEmail(email)) throw taken(email);
    return email;
  }
}

function taken(email: string): CommandError {
  return new CommandError(`There is an account with the address ${email}`, {
    hint: 'Use another address, or change its password with changepassword',
  });
}
