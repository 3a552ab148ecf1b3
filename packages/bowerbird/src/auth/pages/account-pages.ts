import { Injectable } from '@nestjs/common';

import { type Form } from '#forms';
import { Reply, type ReplyOptions } from '#http';
import { TemplateRenderer } from '#templates';

import { AuthConfig } from '../auth.options.js';

/** What every account page shows. */
interface PageModel {
  readonly title: string;
  readonly [name: string]: unknown;
}

/** Renders the account pages. They are never cached: they hold tokens and show who is logged in. */
@Injectable()
export class AccountPages {
  constructor(
    private readonly config: AuthConfig,
    private readonly templates: TemplateRenderer,
  ) {}

  async login(form: Form, next: string, options?: ReplyOptions): Promise<Reply> {
    return this.render('auth/login', { title: 'Log in', form: await form.view(), next }, options);
  }

  /** @param usable whether the account has a password that could be changed */
  async passwordChange(form: Form, usable: boolean, options?: ReplyOptions): Promise<Reply> {
    return this.render('auth/password-change', { title: 'Change password', form: await form.view(), usable }, options);
  }

  passwordChanged(): Promise<Reply> {
    return this.render('auth/password-changed', { title: 'Password changed' });
  }

  private async render(template: string, model: PageModel, options: ReplyOptions = {}): Promise<Reply> {
    const { siteName, urls } = this.config;
    const links = { home: urls.afterLogin, logoutUrl: urls.logout };
    const body = await this.templates.render(template, { siteName, ...links, ...model });
    return Reply.html(body, options).with({ 'Cache-Control': 'no-store' });
  }
}
