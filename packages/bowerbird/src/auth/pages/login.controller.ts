import { All, Get, Post, Req } from '@nestjs/common';

import { formValues, HttpError, MethodNotAllowedError, PageController, Public, Reply, type HttpRequest } from '#http';
import { safeRedirect } from '#security';

import { currentUser } from '../access/current-user.js';
import { LoginThrottledError, PasswordQueueFullError } from '../auth.errors.js';
import { AuthConfig } from '../auth.options.js';
import { Auth } from '../login/auth.service.js';
import { AccountPages } from './account-pages.js';
import { LoginForm } from './login.form.js';

/** The one answer to wrong passwords, unknown addresses and inactive accounts. */
const REFUSAL = 'The e-mail address or the password is wrong.';

/** Logging in and out. */
@Public()
@PageController('accounts')
export class LoginController {
  constructor(
    private readonly config: AuthConfig,
    private readonly auth: Auth,
    private readonly pages: AccountPages,
  ) {}

  @Get('login')
  async show(@Req() request: HttpRequest): Promise<Reply> {
    const next = first(request.query.next);
    if (currentUser()) return Reply.redirect(this.target(next));
    return this.pages.login(new LoginForm(), next ?? '');
  }

  @Post('login')
  async login(@Req() request: HttpRequest): Promise<Reply> {
    const data = formValues(request);
    const next = data.get('next') ?? first(request.query.next);
    const form = new LoginForm({ data });
    const failed = (status: number, headers = {}) => this.pages.login(form, next ?? '', { status, headers });
    if (!(await form.isValid())) return failed(422);
    try {
      const user = await this.auth.authenticate(form.cleaned, request);
      if (user) {
        await this.auth.login(user);
        return Reply.redirect(this.target(next)).with({ 'Cache-Control': 'no-store' });
      }
      form.addError(null, REFUSAL);
      return failed(401);
    } catch (error) {
      if (!isPassing(error)) throw error;
      form.addError(null, error.message);
      return failed(error.status, error.headers);
    }
  }

  @Post('logout')
  async logout(@Req() request: HttpRequest): Promise<Reply> {
    await this.auth.logout();
    const next = formValues(request).get('next');
    return Reply.redirect(safeRedirect(next, this.config.urls.afterLogout)).with({ 'Cache-Control': 'no-store' });
  }

  /** A link or an image on another page must not log anybody out. */
  @All('logout')
  refuse(@Req() request: HttpRequest): never {
    throw new MethodNotAllowedError(request.method, ['POST']);
  }

  private target(next: string | undefined): string {
    return safeRedirect(next, this.config.urls.afterLogin);
  }
}

/** Whether trying again later helps. */
function isPassing(error: unknown): error is HttpError {
  return error instanceof LoginThrottledError || error instanceof PasswordQueueFullError;
}

function first(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
