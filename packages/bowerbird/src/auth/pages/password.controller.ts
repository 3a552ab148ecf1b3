import { Get, Post, Req } from '@nestjs/common';

import { formValues, PageController, Reply, type HttpRequest } from '#http';

import { CurrentUser } from '../access/access.decorators.js';
import { LoginThrottledError } from '../auth.errors.js';
import { Auth } from '../login/auth.service.js';
import { PasswordForms } from '../passwords/password-forms.js';
import { Passwords } from '../passwords/passwords.service.js';
import { type AbstractUser } from '../users/abstract-user.js';
import { AccountPages } from './account-pages.js';

/** Lets people change their own password. */
@PageController('accounts/password')
export class PasswordController {
  constructor(
    private readonly auth: Auth,
    private readonly passwords: Passwords,
    private readonly forms: PasswordForms,
    private readonly pages: AccountPages,
  ) {}

  @Get()
  show(@CurrentUser() user: AbstractUser): Promise<Reply> {
    return this.pages.passwordChange(this.forms.change(user), this.passwords.isUsable(user.password));
  }

  @Post()
  async change(@CurrentUser() user: AbstractUser, @Req() request: HttpRequest): Promise<Reply> {
    const form = this.forms.change(user, formValues(request));
    try {
      if (!(await form.isValid())) return this.pages.passwordChange(form, true, { status: 422 });
    } catch (error) {
      if (!(error instanceof LoginThrottledError)) throw error;
      form.addError('currentPassword', error.message);
      return this.pages.passwordChange(form, true, { status: 429, headers: error.headers });
    }
    await this.auth.changePassword(user, form.cleaned.newPassword);
    return Reply.redirect('/accounts/password/done/');
  }

  @Get('done')
  done(): Promise<Reply> {
    return this.pages.passwordChanged();
  }
}
