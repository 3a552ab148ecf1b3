import { PasswordForms, Users } from 'bowerbird/auth';
import { type TestApp } from 'bowerbird/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createAuthApp } from './auth-app.js';

const GOOD = 'a-quite-different-phrase';

describe('forms for administrators', () => {
  let app: TestApp;
  let forms: PasswordForms;

  beforeAll(async () => {
    app = await createAuthApp();
    forms = app.get(PasswordForms);
    await app.createUser({ email: 'taken@example.com' });
  });
  afterAll(() => app.close());

  describe('that create an account', () => {
    const submit = (data: object) =>
      app.run(async () => {
        const form = forms.create({ usablePassword: true, newPassword: GOOD, newPasswordAgain: GOOD, ...data });
        return { form, valid: await form.isValid(), errors: form.errors.messages() };
      });

    it('store it with a hashed password', async () => {
      const { form, valid } = await submit({ email: 'New@Example.com' });
      expect(valid).toBe(true);
      const user = await app.run(() => form.create());
      expect(user).toMatchObject({ email: 'new@example.com', isStaff: false, isSuperuser: false });
      expect((await app.login({ email: 'new@example.com', password: GOOD })).origin).toBe(app.origin);
    });

    it('store it without a password where that is wanted', async () => {
      const { form, valid } = await submit({ email: 'sso@example.com', usablePassword: false, newPassword: '' });
      expect(valid).toBe(true);
      expect((await app.run(() => form.create())).password).toMatch(/^!/);
    });

    it('take no field that they do not show', async () => {
      const { form } = await submit({ email: 'modest@example.com', isSuperuser: true, isStaff: true });
      expect(await app.run(() => form.create())).toMatchObject({ isSuperuser: false, isStaff: false });
    });

    it.each([
      [{ email: 'TAKEN@example.com' }, { email: ['There is an account with this e-mail address.'] }],
      [{ email: 'nonsense' }, { email: ['Enter a valid e-mail address.'] }],
      [{ email: 'a@example.com', newPassword: '' }, { newPassword: ['This field is required.'] }],
      [{ email: 'a@example.com', newPasswordAgain: 'x' }, { newPasswordAgain: ['The two passwords differ.'] }],
      [
        { email: 'a@example.com', newPassword: 'password1', newPasswordAgain: 'password1' },
        { newPassword: ['This password is too common.'] },
      ],
    ])('refuse %j', async (data, errors) => {
      expect(await submit(data)).toMatchObject({ valid: false, errors });
    });
  });

  it('set a password by the rules and show what they ask', async () => {
    const user = (await app.run(() => app.get(Users).findByEmail('taken@example.com')))!;
    const view = await app.run(() => forms.set(user).view());
    expect(view.byName.newPassword!.help).toContain('Use at least 8 characters.');
    const weak = forms.set(user, { newPassword: 'taken@example', newPasswordAgain: 'taken@example' });
    expect(await app.run(() => weak.isValid())).toBe(false);
    expect(weak.errors.messages()).toEqual({ newPassword: ['This password is too similar to your e-mail address.'] });
  });
});
