import { Command, CommandError, ManagementCommand, type CommandInput, type CommandIo } from '#core';

import { Passwords } from '../passwords/passwords.service.js';
import { Users } from '../users/users.service.js';
import { newPassword, PASSWORD_OPTIONS } from './new-password.js';

/** Gives an account a new password, which ends all its sessions. */
@Command({
  name: 'changepassword',
  description: 'Give an account a new password and end its sessions',
  arguments: [{ name: 'email', description: 'The address of the account' }],
  options: [{ flags: '--no-input', description: 'Ask nothing; needs a way to the password' }, ...PASSWORD_OPTIONS],
})
export class ChangePasswordCommand extends ManagementCommand {
  constructor(
    private readonly users: Users,
    private readonly passwords: Passwords,
  ) {
    super();
  }

  async run(input: CommandInput, io: CommandIo): Promise<void> {
    const email = String(input.args.email);
    const user = await this.users.findByEmail(email);
    if (!user) throw new CommandError(`There is no account with the address ${email}`);
    const { password, generated } = await newPassword(this.passwords, user, input, io);
    await this.users.setPassword(user, password);
    io.out(`Changed the password of ${user.email}; its sessions have ended`);
    if (generated) io.out(`Password: ${password}`);
  }
}
