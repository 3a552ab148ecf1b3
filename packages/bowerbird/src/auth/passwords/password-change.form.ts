import { fields, ValidationError, type Field, type FormInput } from '#forms';

import { type Auth } from '../login/auth.service.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { MAX_PASSWORD_LENGTH } from './password-rules.js';
import { type Passwords } from './passwords.service.js';
import { SetPasswordForm } from './set-password.form.js';

/** Changes the own password: whoever finds an open browser does not know the current one. */
export class PasswordChangeForm extends SetPasswordForm {
  currentPassword = fields.password({
    label: 'Current password',
    maxLength: MAX_PASSWORD_LENGTH,
    autocomplete: 'current-password',
  });

  constructor(
    options: FormInput,
    private readonly user: AbstractUser,
    passwords: Passwords,
    private readonly auth: Auth,
  ) {
    super(options, user, passwords);
  }

  /** The current password is declared last and asked for first. */
  protected override declareFields(): ReadonlyMap<string, Field> {
    const declared = [...super.declareFields()];
    return new Map([...declared.slice(-1), ...declared.slice(0, -1)]);
  }

  /** @throws LoginThrottledError after too many wrong answers */
  async cleanCurrentPassword(password: string): Promise<string> {
    if (!(await this.auth.confirmPassword(this.user, password)))
      throw new ValidationError('That is not your current password.');
    return password;
  }
}
