import { fields, Form, ValidationError, type FieldIssue, type FormInput } from '#forms';

import { type PasswordOwner } from './password-rule.js';
import { MAX_PASSWORD_LENGTH } from './password-rules.js';
import { type Passwords } from './passwords.service.js';

/** Sets the password of an account: typed twice and judged by the rules. */
export class SetPasswordForm extends Form {
  newPassword = fields.password({
    label: 'New password',
    help: this.passwords.help().join(' '),
    maxLength: MAX_PASSWORD_LENGTH,
    autocomplete: 'new-password',
  });

  newPasswordAgain = fields.password({
    label: 'New password, again',
    maxLength: MAX_PASSWORD_LENGTH,
    autocomplete: 'new-password',
  });

  constructor(
    options: FormInput,
    protected readonly owner: PasswordOwner,
    protected readonly passwords: Passwords,
  ) {
    super(options);
  }

  async cleanNewPassword(password: string): Promise<string> {
    await judge(this.passwords, password, this.owner);
    return password;
  }

  override clean(): void {
    const { newPassword, newPasswordAgain } = this.cleaned as { newPassword?: string; newPasswordAgain?: string };
    if (newPassword !== undefined && newPasswordAgain !== undefined && newPassword !== newPasswordAgain)
      this.addError('newPasswordAgain', 'The two passwords differ.');
  }
}

/** @throws ValidationError with everything that is wrong with a new password */
export async function judge(passwords: Passwords, password: string, owner: PasswordOwner): Promise<void> {
  const reasons = await passwords.weaknesses(password, owner);
  const issues = reasons.map((message): FieldIssue => ({ code: 'weak_password', message }));
  if (issues.length > 0) throw new ValidationError(issues);
}

/** Adds everything that is wrong with a new password to a field of a form. */
export async function judgeField(
  form: Form,
  field: string,
  passwords: Passwords,
  password: string,
  owner: PasswordOwner,
): Promise<void> {
  for (const reason of await passwords.weaknesses(password, owner)) form.addError(field, reason);
}
