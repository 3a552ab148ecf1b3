import { Injectable } from '@nestjs/common';

import { type FormData } from '#forms';

import { Auth } from '../login/auth.service.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { Users } from '../users/users.service.js';
import { AccountPasswordForm } from './account-password.form.js';
import { PasswordChangeForm } from './password-change.form.js';
import { Passwords } from './passwords.service.js';
import { SetPasswordForm } from './set-password.form.js';
import { UserCreationForm } from './user-creation.form.js';

/** Makes the forms that set passwords, with the services that they need. */
@Injectable()
export class PasswordForms {
  constructor(
    private readonly auth: Auth,
    private readonly passwords: Passwords,
    private readonly users: Users,
  ) {}

  /** For people who change their own password: asks for the current one. */
  change(user: AbstractUser, data?: FormData): PasswordChangeForm {
    return new PasswordChangeForm({ data }, user, this.passwords, this.auth);
  }

  /** For administrators who decide about the password of an account: a new one, or none. */
  account(user: AbstractUser, data?: FormData): AccountPasswordForm {
    return new AccountPasswordForm({ data }, user, this.passwords);
  }

  /** For people who set a password without knowing the present one. */
  set(user: AbstractUser, data?: FormData): SetPasswordForm {
    return new SetPasswordForm({ data }, user, this.passwords);
  }

  /** For administrators who make an account: address and password first, everything else on the next page. */
  create(data?: FormData): UserCreationForm {
    return new UserCreationForm({ data }, this.passwords, this.users);
  }
}
