import { fields, Form, ValidationError, type FormInput } from '#forms';

import { type AbstractUser } from '../users/abstract-user.js';
import { MAX_EMAIL_LENGTH } from '../users/email-address.js';
import { type Users } from '../users/users.service.js';
import { MAX_PASSWORD_LENGTH } from './password-rules.js';
import { type Passwords } from './passwords.service.js';
import { judgeField } from './set-password.form.js';

const TAKEN = 'There is an account with this e-mail address.';

/** Makes an account in two steps: address and password here, names, groups and permissions on its change page. */
export class UserCreationForm extends Form {
  email = fields.email({ label: 'E-mail address', maxLength: MAX_EMAIL_LENGTH, autocomplete: 'off' });

  usablePassword = fields.boolean({
    label: 'May log in with a password',
    help: 'Turn this off for accounts that log in by other means.',
    required: false,
    initial: true,
  });

  newPassword = fields.password({
    label: 'Password',
    help: this.passwords.help().join(' '),
    maxLength: MAX_PASSWORD_LENGTH,
    required: false,
    autocomplete: 'new-password',
  });

  newPasswordAgain = fields.password({
    label: 'Password, again',
    maxLength: MAX_PASSWORD_LENGTH,
    required: false,
    autocomplete: 'new-password',
  });

  constructor(
    options: FormInput,
    private readonly passwords: Passwords,
    private readonly users: Users,
  ) {
    super(options);
  }

  async cleanEmail(email: string): Promise<string> {
    if (await this.users.findByEmail(email)) throw new ValidationError(TAKEN);
    return this.users.normalizeEmail(email);
  }

  override async clean(): Promise<void> {
    const { email, usablePassword, newPassword, newPasswordAgain } = this.cleaned as Partial<UserCreation>;
    if (!usablePassword) return;
    if (!newPassword) this.addError('newPassword', 'This field is required.');
    else if (newPassword !== newPasswordAgain) this.addError('newPasswordAgain', 'The two passwords differ.');
    else await judgeField(this, 'newPassword', this.passwords, newPassword, { email: email ?? '' });
  }

  create(): Promise<AbstractUser> {
    const { email, usablePassword, newPassword } = this.cleaned as UserCreation;
    return this.users.createUser(usablePassword ? { email, password: newPassword } : { email });
  }
}

interface UserCreation {
  readonly email: string;
  readonly usablePassword: boolean;
  readonly newPassword: string;
  readonly newPasswordAgain: string;
}
