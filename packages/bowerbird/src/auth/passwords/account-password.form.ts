import { fields, Form, type FormInput } from '#forms';

import { type PasswordOwner } from './password-rule.js';
import { MAX_PASSWORD_LENGTH } from './password-rules.js';
import { type Passwords } from './passwords.service.js';
import { judgeField } from './set-password.form.js';

/** What administrators decide about the password of an account: a new one, or none at all. */
export interface AccountPassword {
  readonly usablePassword: boolean;
  /** Empty where the account is to have none. */
  readonly newPassword: string;
}

/** Sets the password of an account or takes it away. */
export class AccountPasswordForm extends Form {
  usablePassword = fields.boolean({
    label: 'May log in with a password',
    help: 'Turn this off for accounts that log in by other means; a present password is forgotten.',
    required: false,
    initial: true,
  });

  newPassword = fields.password({
    label: 'New password',
    help: this.passwords.help().join(' '),
    maxLength: MAX_PASSWORD_LENGTH,
    required: false,
    autocomplete: 'new-password',
  });

  newPasswordAgain = fields.password({
    label: 'New password, again',
    maxLength: MAX_PASSWORD_LENGTH,
    required: false,
    autocomplete: 'new-password',
  });

  constructor(
    options: FormInput,
    private readonly owner: PasswordOwner,
    private readonly passwords: Passwords,
  ) {
    super(options);
  }

  override async clean(): Promise<void> {
    const { usablePassword, newPassword, newPasswordAgain } = this.cleaned as Partial<AccountPassword> & {
      readonly newPasswordAgain?: string;
    };
    if (!usablePassword && newPassword) this.addError('usablePassword', 'Turn this on, or leave the passwords empty.');
    if (!usablePassword) return;
    if (!newPassword) this.addError('newPassword', 'This field is required.');
    else if (newPassword !== newPasswordAgain) this.addError('newPasswordAgain', 'The two passwords differ.');
    else await judgeField(this, 'newPassword', this.passwords, newPassword, this.owner);
  }
}
