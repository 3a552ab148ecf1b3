import { Injectable } from '@nestjs/common';

import { Auth, DuplicateEmailError, PasswordForms, Users, type AbstractUser, type AccountPassword } from '#auth';
import { type Form } from '#forms';
import { formValues, Reply, type HttpRequest } from '#http';
import { Databases } from '#orm';
import { addMessage } from '#sessions';

import { AdminAccess } from '../site/admin-access.js';
import { type AdminContext } from '../site/admin-context.js';
import { type AdminDescriptor } from '../site/admin-descriptor.js';
import { AdminPages } from '../site/admin-pages.js';
import { noun } from '../site/labels.js';
import { PageFrame, type Breadcrumb } from '../site/page-frame.js';
import { parseKeySegment } from '../site/row-key.js';
import { carried, listUrl, readFormAddress, rowUrl } from './form-address.js';
import { FormAnswers } from './form-answers.js';
import { FormPage } from './form-page.js';
import { FormPlans } from './form-plan.js';
import { FormRows } from './form-rows.js';

/** What differs between the two pages. */
interface AccountPage {
  readonly title: string;
  readonly steps: readonly Breadcrumb[];
  readonly action: string;
  readonly cancelUrl: string | null;
  readonly form: Form;
}

/**
 * The pages of accounts that no form of a plain entity can be: adding one, because a password is typed twice, judged
 * and hashed, and setting the password of one that exists.
 */
@Injectable()
export class AccountPages {
  constructor(
    private readonly access: AdminAccess,
    private readonly auth: Auth,
    private readonly passwords: PasswordForms,
    private readonly users: Users,
    private readonly rows: FormRows,
    private readonly plans: FormPlans,
    private readonly form: FormPage,
    private readonly answers: FormAnswers,
    private readonly frame: PageFrame,
    private readonly pages: AdminPages,
    private readonly databases: Databases,
  ) {}

  /** The form of a new account. @throws PermissionDeniedError */
  async blank(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'add', context);
    return this.render(descriptor, context, this.addPage(descriptor, context));
  }

  /** Makes the account and goes on to everything else about it. @throws PermissionDeniedError */
  async add(descriptor: AdminDescriptor, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    await this.access.demand(descriptor, 'add', context);
    const values = formValues(request);
    const form = this.passwords.create(values);
    const user = (await form.isValid()) ? await this.create(descriptor, form) : null;
    if (!user) return this.render(descriptor, context, this.addPage(descriptor, context, form), 422);
    return this.answers.saved(await this.plans.make(descriptor, context, null), user, values, '_continue');
  }

  /** The form that sets a password. @throws PermissionDeniedError */
  async password(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const user = await this.account(descriptor, segment, context);
    if (!user) return this.form.missing(descriptor, context, undefined);
    return this.render(descriptor, context, this.passwordPage(descriptor, context, user));
  }

  /** Sets the password; every session of the account but the own one ends. @throws PermissionDeniedError */
  async setPassword(descriptor: AdminDescriptor, segment: string, request: HttpRequest): Promise<Reply> {
    const context = this.access.context(request);
    const user = await this.account(descriptor, segment, context);
    if (!user) return this.form.missing(descriptor, context, undefined);
    const form = this.passwords.account(user, formValues(request));
    const valid = await form.isValid();
    const { usablePassword, newPassword } = form.cleaned as Partial<AccountPassword>;
    const own = user.id === context.user.id;
    if (valid && own && !usablePassword) form.addError('usablePassword', 'You cannot take your own password away.');
    if (!valid || (own && !usablePassword))
      return this.render(descriptor, context, this.passwordPage(descriptor, context, user, form), 422);
    if (usablePassword) await this.auth.changePassword(user, newPassword!);
    else await this.users.removePassword(user);
    const done = usablePassword ? 'The password was set' : 'The password was taken away';
    addMessage('success', `${done}: ${user.email}. Other sessions of the account have ended.`);
    return Reply.redirect(rowUrl(descriptor, descriptor.entity.keyOf(user), 'change', readFormAddress(context)));
  }

  private async create(
    { entity }: AdminDescriptor,
    form: ReturnType<PasswordForms['create']>,
  ): Promise<AbstractUser | null> {
    try {
      return await this.databases.get(entity.database).atomic(() => form.create());
    } catch (error) {
      if (!(error instanceof DuplicateEmailError)) throw error;
      form.addError('email', error.message);
      return null;
    }
  }

  private async account(
    descriptor: AdminDescriptor,
    segment: string,
    context: AdminContext,
  ): Promise<AbstractUser | null> {
    const key = parseKeySegment(segment, descriptor.entity);
    const user = key === undefined ? null : await this.rows.forSaving(descriptor, key, context);
    if (user) await this.access.demand(descriptor, 'change', context, user);
    return user as AbstractUser | null;
  }

  private addPage(
    descriptor: AdminDescriptor,
    context: AdminContext,
    form: Form = this.passwords.create(),
  ): AccountPage {
    const address = readFormAddress(context);
    const title = `Add ${noun(descriptor.label)}`;
    const cancelUrl = address.popup ? null : listUrl(descriptor, address);
    return {
      title,
      steps: [{ label: title, url: null }],
      action: `${descriptor.path}add/${carried(address)}`,
      cancelUrl,
      form,
    };
  }

  private passwordPage(
    descriptor: AdminDescriptor,
    context: AdminContext,
    user: AbstractUser,
    form: Form = this.passwords.account(user),
  ): AccountPage {
    const address = readFormAddress(context);
    const key = descriptor.entity.keyOf(user);
    const back = rowUrl(descriptor, key, 'change', address);
    const steps = [
      { label: descriptor.entity.text(user), url: back },
      { label: 'Password', url: null },
    ];
    const action = rowUrl(descriptor, key, 'password', address);
    return { title: `Password of ${user.email}`, steps, action, cancelUrl: back, form };
  }

  private async render(
    descriptor: AdminDescriptor,
    context: AdminContext,
    page: AccountPage,
    status = 200,
  ): Promise<Reply> {
    const { title, steps, action, cancelUrl, form } = page;
    const view = await form.view();
    const { popup } = readFormAddress(context);
    const lines = view.fields.map((field) => [{ field, tools: [] }]);
    const model = {
      frame: await this.frame.build(context, { title, descriptor, steps, popup }),
      label: null,
      readOnly: false,
      action,
      form: view,
      hidden: [],
      conflict: null,
      unsaved: status !== 200,
      fieldsets: [{ id: 'set-1', title: null, description: null, collapsed: false, open: true, lines }],
      buttons: { save: true, saveAsNew: false, saveAndContinue: false, saveAndAdd: false, cancelUrl, deleteUrl: null },
      tools: [],
    };
    return this.pages.render('form', model, descriptor, status);
  }
}
